package io.text2video.gateway.webhook;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.context.Context;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.WebhookEvent;
import io.text2video.common.webhook.WebhookDelivery;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.jobs.JobProgress;
import io.text2video.gateway.jobs.Video;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import okhttp3.Dns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSenderTest {
    private static final int CHUNK = 4096;

    /** What a connection holds that nobody reads: twice 64 KiB on either side, and a client's buffers. */
    private static final int ON_THE_WAY = 512 << 10;

    private final TestConfig config = TestConfig.allowing("127.0.0.0/8");
    private final WebhookSender sender =
            new WebhookSender(new WebhookSigner(config), new WebhookGuard(config, Dns.SYSTEM), new HostLimit(), config);

    @AfterEach
    void close() {
        sender.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Transfer-Encoding: chunked", "Content-Length: 1099511627776", "Connection: close"})
    void shouldNotReadAnAnswerThatGoesOnForEver(String framing) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // Given a receiver that takes the call, and sends as much as anybody takes
            CompletableFuture<Long> sent = CompletableFuture.supplyAsync(() -> answer(server, framing));

            // When
            WebhookAnswer answer = call("http://127.0.0.1:" + server.getLocalPort());

            // Then it is delivered, and the connection is closed
            assertThat(answer.kind()).isEqualTo(WebhookAnswer.Kind.TAKEN);
            assertThat(sent.get()).isLessThan(ON_THE_WAY);
        }
    }

    /** @return how many bytes it could send */
    private static long answer(ServerSocket server, String framing) {
        long sent = 0;
        try (Socket socket = server.accept()) {
            socket.setSendBufferSize(64 << 10);
            OutputStream out = socket.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\n%s\r\n\r\n".formatted(framing).getBytes(US_ASCII));
            String head = framing.contains("chunked") ? "%x\r\n".formatted(CHUNK) : "";
            byte[] chunk = (head + "x".repeat(CHUNK) + (head.isEmpty() ? "" : "\r\n")).getBytes(US_ASCII);
            while (true) {
                out.write(chunk);
                sent += chunk.length;
            }
        } catch (IOException e) {
            return sent;
        }
    }

    private WebhookAnswer call(String url) {
        JobSnapshot job = Jobs.completed(Jobs.queued(JobId.next(), Jobs.TIME, url), 7);
        var body = new WebhookCall(WebhookEvent.COMPLETED, Jobs.TIME, Video.of(new Job(job, JobProgress.NONE)));
        return sender.send(WebhookDelivery.first(job), body, () -> true, Context.root())
                .subscribeAsCompletionStage()
                .join();
    }
}
