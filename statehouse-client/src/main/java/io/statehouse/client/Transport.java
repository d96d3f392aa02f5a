package io.statehouse.client;

/** What carries a client's calls to a node. */
public enum Transport {
    /** Sockets, served by threads that gRPC shares among all channels of the process; they end a second after the last one. */
    SHARED_THREADS,

    /**
     * Sockets, served by threads of the client's own that end with it, which lets a process that exits then exit at once.
     */
    OWN_THREADS,

    /**
     * None: the node was embedded in this JVM, and messages are handed to it as they are. A node that was not is not reached.
     *
     * <p>Nothing is encrypted, {@link Access} gives no more than its token, and {@link ClientOptions#answerBytesMax} bounds
     * nothing; the node's own bounds do. With an executor that runs callbacks at once they run on the node's threads, and what
     * blocks there keeps the node from answering others. A watch whose subscriber asks for nothing for a minute ends, since
     * there is no socket that would hold its first message; without a start it goes on from what comes next.
     */
    IN_PROCESS
}
