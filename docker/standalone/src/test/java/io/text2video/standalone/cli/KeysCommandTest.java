package io.text2video.standalone.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.text2video.common.access.ApiKey;
import io.text2video.common.access.ApiKeySecret;
import io.text2video.common.job.Tenant;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.topic.Topic;
import io.text2video.embedded.EmbeddedKafka;
import io.text2video.embedded.TopicRecords;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class KeysCommandTest {
    @TempDir
    static Path data;

    private static EmbeddedKafka broker;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** Without any topic: a key may be made before the first gateway starts. */
    @BeforeAll
    static void startBroker() throws Exception {
        broker = new EmbeddedKafka(data, 0);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void shouldMakeAKeyOfWhichTheBrokerHasNoMoreThanTheHash() throws Exception {
        // When
        assertThat(run("create", "--name", "the laptop", "--tenant", "acme", "--days", "90"))
                .as(err.toString())
                .isZero();

        // Then the key alone is printed
        String key = out.toString().strip();
        assertThat(key).matches("t2v_[A-Za-z0-9_-]{43}");
        String hash = new ApiKeySecret(key).hash();
        assertThat(err.toString()).contains(hash.substring(0, 12), "acme").doesNotContain(key);

        // And its record says what it is good for
        List<ConsumerRecord<String, byte[]>> records =
                TopicRecords.of(broker.bootstrapServers(), Topic.KEYS.topicName(), hash);
        assertThat(records).hasSize(1);
        assertThat(new String(records.get(0).value(), UTF_8)).doesNotContain(key.substring(4));
        ApiKey kept = JsonCodec.read(records.get(0).value(), ApiKey.class);
        assertThat(kept.tenant()).isEqualTo(new Tenant("acme"));
        assertThat(kept.name()).isEqualTo("the laptop");
        assertThat(kept.expiresAt()).isEqualTo(kept.createdAt().plus(Duration.ofDays(90)));
    }

    @Test
    void shouldListAKeyUntilItIsRevoked() throws Exception {
        // Given
        run("create", "--name", "ci", "--json");
        JsonNode made = new ObjectMapper().readTree(out.toString());
        String id = made.path("id").asText();
        assertThat(made.path("tenant").asText()).isEqualTo("default");
        assertThat(made.path("key").asText()).startsWith("t2v_");

        // Then it is listed, without its secret
        assertThat(run("list")).isZero();
        assertThat(out.toString()).contains(id + "  default", "ci", "never");
        assertThat(run("list", "--json")).isZero();
        assertThat(out.toString())
                .contains("\"" + id + "\"")
                .doesNotContain(made.path("key").asText());

        // Until
        assertThat(run("revoke", id)).as(err.toString()).isZero();
        assertThat(out.toString()).isEqualTo("revoked %s%n".formatted(id));
        assertThat(run("list")).isZero();
        assertThat(out.toString()).doesNotContain(id);
        assertThat(run("revoke", id)).isEqualTo(1);
        assertThat(err.toString()).contains("there is no key " + id, "keys list");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "A C  | ci | 1 | --tenant must be 1 to 63 lower-case letters",
                "acme | '' | 1 | --name must be 1 to 64 characters",
                "acme | ci | 0 | --days is 0, but must be 1 at least",
            })
    void shouldRefuseWhatIsNoKey(String tenant, String name, String days, String reason) {
        assertThat(run("create", "--tenant", tenant, "--name", name, "--days", days))
                .isEqualTo(2);
        assertThat(err.toString()).contains(reason);
    }

    private int run(String subcommand, String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        var all = new ArrayList<>(List.of("keys", subcommand, "--kafka", broker.bootstrapServers()));
        all.addAll(List.of(arguments));
        return Text2VideoCommand.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(all.toArray(String[]::new));
    }
}
