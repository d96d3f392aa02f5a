package org.apache.ratis.util;

import io.statehouse.raft.disk.MetadataWitness;
import java.io.File;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the place of Ratis's class of this name and keeps its promise: when the stream is closed, the file is replaced,
 * and a power cut cannot take that back.
 *
 * <p>Ratis's own form renames without forcing the directory, so a member could forget a vote it had cast and cast
 * another one in the same term. It has no hook there; a class of the same name earlier on the class path is the smallest
 * change that reaches it. {@code DiskGuard} refuses to start when the other one was loaded.
 */
public final class AtomicFileOutputStream extends FilterOutputStream {
    public static final String TMP_EXTENSION = ".tmp";

    private static final Logger LOG = LoggerFactory.getLogger(AtomicFileOutputStream.class);

    private final File outFile;
    private final File tmpFile;
    private final AtomicBoolean closed = new AtomicBoolean();

    public AtomicFileOutputStream(File outFile) throws IOException {
        this(outFile, getTemporaryFile(outFile));
    }

    public AtomicFileOutputStream(File outFile, File tmpFile) throws IOException {
        super(open(outFile, tmpFile));
        this.outFile = outFile.getAbsoluteFile();
        this.tmpFile = tmpFile.getAbsoluteFile();
    }

    private static OutputStream open(File outFile, File tmpFile) throws IOException {
        try {
            return FileUtils.newOutputStreamForceAtClose(
                    tmpFile, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        } catch (IOException e) {
            MetadataWitness.failed(outFile.toPath(), e);
            throw e;
        }
    }

    public static File getTemporaryFile(File outFile) {
        return new File(outFile.getParentFile(), outFile.getName() + TMP_EXTENSION);
    }

    /** Only this form has it; asking for it tells the two apart. */
    public static boolean forcesDirectory() {
        return true;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            // Closing must not put half a file in the place of a whole one.
            abort();
            MetadataWitness.failed(outFile.toPath(), e);
            throw e;
        }
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    public boolean isClosed() {
        return closed.get();
    }

    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            super.close();
            MetadataWitness.replace(tmpFile.toPath(), outFile.toPath());
        } catch (IOException e) {
            MetadataWitness.failed(outFile.toPath(), e);
            deleteTemporary(e);
            throw e;
        }
    }

    private void deleteTemporary(IOException cause) {
        try {
            FileUtils.deleteIfExists(tmpFile);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /** Closes without replacing the file. */
    public void abort() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            super.close();
        } catch (IOException e) {
            LOG.warn("cannot close the temporary file {}", tmpFile, e);
        }
        try {
            FileUtils.deleteIfExists(tmpFile);
        } catch (IOException e) {
            LOG.warn("cannot delete the temporary file {}", tmpFile, e);
        }
    }
}
