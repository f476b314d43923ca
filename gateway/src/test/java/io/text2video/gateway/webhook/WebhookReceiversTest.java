package io.text2video.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.opentelemetry.context.Context;
import io.smallrye.config.Secret;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.WebhookEvent;
import io.text2video.common.job.WebhookSecret;
import io.text2video.common.webhook.WebhookDelivery;
import io.text2video.embedded.FreePort;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.jobs.JobProgress;
import io.text2video.gateway.jobs.Video;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import okhttp3.Dns;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The receivers that the docs show, each with its language's library of Standard Webhooks. */
@Tag("slow")
class WebhookReceiversTest {
    private static final Path SCRIPTS = Path.of("src/test/resources/webhooks");
    /** Where {@code .ci/webhook-receivers} puts the libraries. */
    private static final Path LIBRARIES = Path.of(
            Objects.requireNonNullElse(System.getenv("XDG_CACHE_HOME"), System.getProperty("user.home") + "/.cache"),
            "text2video/webhook-receivers-1");

    /** The libraries' window is five minutes. */
    private static final Duration OLD = Duration.ofMinutes(6);

    private enum Language {
        PYTHON("receiver.py"),
        JAVASCRIPT("receiver.mjs"),
        GO("receiver.go");

        private final String script;

        Language(String script) {
            this.script = script;
        }
    }

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void shouldTakeWhatIsSignedWithItsSecretHoweverThatIsSet(Language language) throws Exception {
        assumeTrue(
                Files.exists(LIBRARIES.resolve(language.name().toLowerCase(Locale.ROOT))),
                "no library for %s: run .ci/webhook-receivers".formatted(language));
        ProcessBuilder command = prepare(language);
        String other = secret(32);
        for (int bytes : List.of(24, 32, 64)) {
            String own = secret(bytes);
            int port = FreePort.find();
            command.environment().put("WEBHOOK_SECRET", own);
            command.environment().put("PORT", Integer.toString(port));
            Process receiver = command.redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
            try {
                await().until(() -> isListening(port));
                String url = "http://127.0.0.1:" + port + "/";

                assertThat(call(config(own, null), null, url))
                        .as("WEBHOOK_SECRET")
                        .isEqualTo(204);
                assertThat(call(config(own, other), null, url))
                        .as("the new one of two")
                        .isEqualTo(204);
                assertThat(call(config(other, own), null, url))
                        .as("WEBHOOK_PREVIOUS_SECRET")
                        .isEqualTo(204);
                assertThat(call(config(other, null), own, url))
                        .as("the job's own")
                        .isEqualTo(204);
                assertThat(call(config(other, null), null, url)).as("another").isEqualTo(400);
                assertThat(call(config(own, null), other, url))
                        .as("the job's own alone")
                        .isEqualTo(400);

                // And one that somebody has kept, and sends again, is refused after a while
                assertThat(replay(own, Instant.now(), url)).isEqualTo(204);
                assertThat(replay(own, Instant.now().minus(OLD), url)).isEqualTo(400);
            } finally {
                receiver.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeWhatTheDocsShow(Language language) throws Exception {
        assertThat(Files.readString(Path.of("../docs/03-http-api.md")))
                .contains("\n" + Files.readString(SCRIPTS.resolve(language.script)) + "```\n");
    }

    private ProcessBuilder prepare(Language language) throws Exception {
        Path script = Files.copy(SCRIPTS.resolve(language.script), folder.resolve(language.script));
        var command = new ProcessBuilder();
        command.directory(folder.toFile());
        switch (language) {
            case PYTHON -> {
                command.environment()
                        .put("PYTHONPATH", LIBRARIES.resolve("python").toString());
                command.command("python3", script.toString());
            }
            case JAVASCRIPT -> {
                Files.createSymbolicLink(folder.resolve("node_modules"), LIBRARIES.resolve("javascript/node_modules"));
                command.command("node", script.toString());
            }
            case GO -> {
                for (String file : List.of("go.mod", "go.sum")) {
                    Files.copy(SCRIPTS.resolve(file), folder.resolve(file));
                }
                Process build = new ProcessBuilder("go", "build", "-o", "receiver", ".")
                        .directory(folder.toFile())
                        .inheritIO()
                        .start();
                assertThat(build.waitFor()).as("go build").isZero();
                command.command(folder.resolve("receiver").toString());
            }
        }
        return command;
    }

    private static boolean isListening(int port) {
        try (var connection = new Socket("127.0.0.1", port)) {
            return connection.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** The status of the answer. */
    private static Integer call(WebhookConfig config, String own, String url) {
        JobSnapshot job = Jobs.completed(Jobs.queued(JobId.next(), Jobs.TIME, url), 7);
        var first = WebhookDelivery.first(job);
        var delivery = new WebhookDelivery(
                first.version(),
                first.id(),
                url,
                own == null ? null : new WebhookSecret(own),
                first.type(),
                first.time(),
                0,
                first.due(),
                job,
                0,
                List.of());
        var body = new WebhookCall(WebhookEvent.COMPLETED, Jobs.TIME, Video.of(new Job(job, JobProgress.NONE)));
        var sender = new WebhookSender(
                new WebhookSigner(config), new WebhookGuard(config, Dns.SYSTEM), new HostLimit(), config);
        try {
            return sender.send(delivery, body, () -> true, Context.root())
                    .await()
                    .atMost(Duration.ofMinutes(1))
                    .status();
        } finally {
            sender.close();
        }
    }

    /** The status of the answer to a call that was signed then. */
    private static int replay(String secret, Instant signed, String url) throws Exception {
        WebhookDelivery delivery = WebhookDelivery.first(Jobs.completed(Jobs.queued(JobId.next(), Jobs.TIME, url), 7));
        String body = "{\"type\":\"video.completed\",\"data\":{\"id\":\"x\"}}";
        var request = HttpRequest.newBuilder(URI.create(url))
                .version(HttpClient.Version.HTTP_1_1)
                .header("webhook-id", delivery.webhookId())
                .header("webhook-timestamp", Long.toString(signed.getEpochSecond()))
                .header("webhook-signature", new WebhookSigner(config(secret, null)).sign(delivery, signed, body))
                .POST(BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }

    private static TestConfig config(String secret, String previous) {
        return new TestConfig(
                Optional.of((Secret<String>) () -> secret),
                Optional.ofNullable(previous).map(text -> (Secret<String>) () -> text),
                true,
                List.of("127.0.0.0/8"));
    }

    /** As {@code openssl rand -base64} makes one. */
    private static String secret(int bytes) {
        byte[] random = new byte[bytes];
        new Random().nextBytes(random);
        return "whsec_" + Base64.getEncoder().encodeToString(random);
    }
}
