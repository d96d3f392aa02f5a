package io.statehouse.cli;

/** Where the events of a session are shown, one after the other. */
sealed interface EventPage permits EventPage.Lines, EventPage.Array, EventTimeline {
    /** Shows an event, given as its JSON text. */
    void add(String event);

    /** There are no more. */
    void end();

    /** JSON Lines. */
    record Lines(Output output) implements EventPage {
        @Override
        public void add(String event) {
            output.line(event);
        }

        @Override
        public void end() {}
    }

    /** One JSON array, an event to a line. */
    final class Array implements EventPage {
        private final Output output;
        private String waiting = "[";

        Array(Output output) {
            this.output = output;
        }

        @Override
        public void add(String event) {
            // A line is written when it is known whether another follows.
            output.line(waiting.equals("[") ? waiting : waiting + ",");
            waiting = event;
        }

        @Override
        public void end() {
            if (waiting.equals("[")) {
                output.line("[]");
            } else {
                output.line(waiting);
                output.line("]");
            }
        }
    }
}
