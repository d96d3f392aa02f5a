package io.statehouse.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.statehouse.node.config.Flags.Wish;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlagsTest {
    private static Wish parse(String... arguments) {
        return new Flags("statehoused 1.2.3").parse(arguments, Map.of("STATEHOUSE_NODE_ID", "from-env"));
    }

    @Test
    void flagsBecomeSettings() {
        Wish wish = parse("--init", "--data-dir", "/d", "--members=n1=a:1/b:2", "--use-memory=false");

        assertThat(wish).isInstanceOfSatisfying(Wish.Run.class, run -> {
            assertThat(run.settings().isOn(Setting.INIT)).isTrue();
            assertThat(run.settings().isOn(Setting.USE_MEMORY)).isFalse();
            assertThat(run.settings().text(Setting.DATA_DIR)).isEqualTo("/d");
            assertThat(run.settings().text(Setting.MEMBERS)).isEqualTo("n1=a:1/b:2");
            assertThat(run.settings().text(Setting.NODE_ID)).isEqualTo("from-env");
        });
    }

    @Test
    void configPrintTakesTheSameFlags() {
        Wish wish = parse("config", "print", "--addr", "127.0.0.1:1");

        assertThat(wish)
                .isInstanceOfSatisfying(
                        Wish.PrintConfig.class,
                        print -> assertThat(print.settings().describe())
                                .contains(
                                        "addr = 127.0.0.1:1  # flag --addr",
                                        "node.id = from-env  # env STATEHOUSE_NODE_ID"));
    }

    @Test
    void helpNamesEveryFlagAndItsVariable() {
        assertThat(parse("--help")).isInstanceOfSatisfying(Wish.Say.class, say -> {
            for (Setting setting : Setting.values()) {
                assertThat(say.text()).contains(setting.flag()).contains(setting.env());
            }
        });
    }

    @Test
    void versionIsSaid() {
        assertThat(parse("--version")).isEqualTo(new Wish.Say("statehoused 1.2.3"));
    }

    @Test
    void theAuditThatIsProvedIsThatOfTheDataDirectoryOrTheOneThatIsNamed() {
        assertThat(parse("verify-audit", "--data-dir", "/d"))
                .isEqualTo(new Wish.Offline(new OfflineWish.VerifyAudit(Path.of("/d/audit"), null)));
        assertThat(parse("verify-audit", "/copy", "--contains", "ab"))
                .isEqualTo(new Wish.Offline(new OfflineWish.VerifyAudit(Path.of("/copy"), "ab")));
        assertThat(parse("--help"))
                .isInstanceOfSatisfying(
                        Wish.Say.class, say -> assertThat(say.text()).contains("verify-audit"));
    }

    @Test
    void anUnknownFlagIsRefused() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> parse("--data-dri", "/d"))
                .withMessageContaining("--data-dri");
    }
}
