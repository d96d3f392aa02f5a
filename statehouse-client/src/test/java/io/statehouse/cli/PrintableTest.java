package io.statehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void plainTextIsTheSameText() {
        String text = "naïve 日本語 😀 👩\u200d💻 \\u001b \"quoted\"";

        assertThat(Printable.of(text)).isSameAs(text);
    }

    @Test
    void controlCharactersAreShownAsEscapes() {
        assertThat(Printable.of("a\u001b]0;title\u0007b\r\n\t\u0000\u007f\u0085\u009b"))
                .isEqualTo("a\\u001b]0;title\\u0007b\\u000d\\u000a\\u0009\\u0000\\u007f\\u0085\\u009b");
    }

    @Test
    void whatReordersTextOrBreaksLinesIsShownAsEscapes() {
        assertThat(Printable.of("\u202eabc\u202c \u2066x\u2069 \u200e\u200f\u061c \u2028\u2029"))
                .isEqualTo("\\u202eabc\\u202c \\u2066x\\u2069 \\u200e\\u200f\\u061c \\u2028\\u2029");
    }

    @Test
    void halfOfASurrogatePairIsShownAsAnEscape() {
        assertThat(Printable.of("\ud83d\ude00 \ud83d! \ude00")).isEqualTo("\ud83d\ude00 \\ud83d! \\ude00");
    }

    @Test
    void noCharacterThatATerminalObeysComesThrough() {
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            String shown = Printable.of("x" + (char) c);
            boolean isControl = c < 0x20 || (c >= 0x7f && c <= 0x9f);
            if (isControl) {
                assertThat(shown).hasSize(7).startsWith("x\\u");
            }
        }
    }
}
