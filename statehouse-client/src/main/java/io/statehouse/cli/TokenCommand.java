package io.statehouse.cli;

import io.statehouse.client.AccessClient;
import io.statehouse.client.TokenGrant;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code token}: who may do what. */
@Command(name = "token", description = "Makes, lists and revokes tokens: who may do what.")
final class TokenCommand {
    private TokenCommand() {}

    static CommandLine withVerbs(Session session) {
        return new CommandLine(new TokenCommand())
                .addSubcommand("create", new Create(session))
                .addSubcommand("list", new ListAll(session))
                .addSubcommand("revoke", new Revoke(session));
    }

    /** {@code token create}. */
    @Command(
            name = "create",
            description = {
                "Makes a token and prints it: once, for the cluster keeps its hash only. Roles are reader, writer, operator and"
                        + " admin; each may do what those before it may."
            },
            footer = {
                "",
                "Examples:",
                "  statehousectl token create root --grant admin:* > root.token",
                "  statehousectl token create ci --grant writer:builds --grant reader:default --expires-in 30d",
                "  statehousectl get ada plan --token-file root.token"
            })
    static final class Create implements Callable<Integer> {
        private final Session session;

        @Parameters(index = "0", paramLabel = "NAME", description = "Who shows it: a-z 0-9 _ -, at most 63.")
        String name = "";

        @Option(
                names = "--grant",
                paramLabel = "ROLE:NAMESPACE",
                required = true,
                description = "A role in a namespace; namespace * is all of them. May be given 16 times.")
        List<String> grants = new ArrayList<>();

        @Option(
                names = "--expires-in",
                paramLabel = "TIME",
                description = "It is worth nothing after TIME: 90s, 15m, 12h, 30d. Default: never.")
        String life = "";

        Create(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            List<TokenGrant> parsed = grants.stream().map(Create::parse).toList();
            String token = session.client()
                    .access()
                    .createToken(name, parsed, life.isEmpty() ? Duration.ZERO : Spoken.age(life, "--expires-in"));
            session.output()
                    .line(
                            session.isJson()
                                    ? new JsonLine()
                                            .text("name", name)
                                            .text("token", token)
                                            .toString()
                                    : token);
            session.output().remark("This token is shown once; whoever has it is " + name + ".");
            return ExitCode.OK.number();
        }

        private static TokenGrant parse(String text) {
            try {
                return TokenGrant.parse(text);
            } catch (IllegalArgumentException e) {
                throw new Complaint("--grant: " + e.getMessage(), e);
            }
        }
    }

    /** {@code token list}. */
    @Command(
            name = "list",
            description = "Lists the tokens that you could revoke.",
            footer = {"", "Example:", "  statehousectl token list"})
    static final class ListAll implements Callable<Integer> {
        private final Session session;

        ListAll(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            List<AccessClient.Token> tokens = session.client().access().tokens();
            if (session.isJson()) {
                tokens.forEach(token -> session.output()
                        .line(new JsonLine()
                                .text("name", token.name())
                                .texts("grants", texts(token))
                                .text("created_by", token.createdBy())
                                .number("created_time_ms", token.createdMillis())
                                .number("expires_time_ms", token.expiresMillis())
                                .toString()));
                return ExitCode.OK.number();
            }
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("NAME", "GRANTS", "MADE BY", "MADE AT", "EXPIRES"));
            for (AccessClient.Token token : tokens) {
                String made = Instant.ofEpochMilli(token.createdMillis()).toString();
                rows.add(List.of(token.name(), String.join(" ", texts(token)), token.createdBy(), made, expiry(token)));
            }
            session.output().lines(Columns.of(rows));
            return ExitCode.OK.number();
        }

        private static String expiry(AccessClient.Token token) {
            return token.expiresMillis() == 0
                    ? "never"
                    : Instant.ofEpochMilli(token.expiresMillis()).toString();
        }

        private static List<String> texts(AccessClient.Token token) {
            return token.grants().stream().map(TokenGrant::toString).collect(Collectors.toList());
        }
    }

    /** {@code token revoke}. */
    @Command(
            name = "revoke",
            description = "Makes a token worthless on every node that has heard of it.",
            footer = {"", "Example:", "  statehousectl token revoke ci"})
    static final class Revoke implements Callable<Integer> {
        private final Session session;

        @Parameters(index = "0", paramLabel = "NAME", description = "The token's name.")
        String name = "";

        Revoke(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            session.client().access().revokeToken(name);
            session.output().success("Token " + name + " is revoked");
            return ExitCode.OK.number();
        }
    }
}
