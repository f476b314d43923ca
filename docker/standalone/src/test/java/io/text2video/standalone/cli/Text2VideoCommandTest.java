package io.text2video.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Member;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class Text2VideoCommandTest {
    /** One name with two meanings: one model or several, a switch or a file, of this program or of the fleet that it starts. */
    private static final Set<String> TWO_MEANINGS = Set.of("--model", "--json", "--port", "--prompt", "--quantization");

    @Test
    void shouldDeclareEachOptionOnce() {
        // Given all commands with their options
        Map<String, Set<String>> declarations = new HashMap<>();
        commands(Text2VideoCommand.commandLine())
                .flatMap(command -> command.getCommandSpec().options().stream())
                .filter(option -> !declaration(option).startsWith("picocli."))
                .forEach(option -> declarations
                        .computeIfAbsent(option.longestName(), name -> new HashSet<>())
                        .add(declaration(option)));

        // Then whatever several have stands in one place
        assertThat(declarations).containsKeys("--gateway", "--kafka", "--threads", "--loras", "--height");
        assertThat(declarations)
                .allSatisfy((name, places) -> assertThat(places).as(name).hasSize(TWO_MEANINGS.contains(name) ? 2 : 1));
    }

    private static Stream<CommandLine> commands(CommandLine command) {
        return Stream.concat(
                Stream.of(command),
                command.getSubcommands().values().stream().flatMap(Text2VideoCommandTest::commands));
    }

    private static String declaration(OptionSpec option) {
        var member = (Member) option.userObject();
        return member.getDeclaringClass().getName() + "." + member.getName();
    }
}
