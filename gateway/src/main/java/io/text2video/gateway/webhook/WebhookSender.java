package io.text2video.gateway.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.opentelemetry.context.Context;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.webhook.WebhookDelivery;
import io.text2video.gateway.consumers.RecordHandler.Start;
import io.text2video.gateway.webhook.GuardedSocketFactory.RefusedAddressException;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Dispatcher;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Makes the calls: to addresses that may be called ({@link WebhookGuard}), directly, without redirects, within a deadline, and
 * without reading more than 64 KiB of what the receiver answers. Each host gets a share of the calls under way, so that a slow one
 * delays only itself.
 */
@ApplicationScoped
class WebhookSender {
    private static final MediaType JSON = MediaType.get("application/json");
    /** Each has a thread. Hosts that say nothing leave room for others. */
    static final int CALLS_AT_ONCE = HostLimit.NEW_AT_ONCE + 2 * HostLimit.SILENT_AT_ONCE;

    private static final int CALLS_AT_ONCE_PER_HOST = 16;
    private static final long LONGEST_ANSWER = 64 << 10;

    private final WebhookSigner signer;
    private final WebhookGuard guard;
    private final HostLimit hosts;
    private final Duration timeout;
    private final OkHttpClient client;

    WebhookSender(WebhookSigner signer, WebhookGuard guard, HostLimit hosts, WebhookConfig config) {
        this.signer = signer;
        this.guard = guard;
        this.hosts = hosts;
        timeout = config.timeout();
        var dispatcher = new Dispatcher();
        dispatcher.setMaxRequests(CALLS_AT_ONCE);
        dispatcher.setMaxRequestsPerHost(CALLS_AT_ONCE_PER_HOST);
        client = new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .addInterceptor(WebhookSender::start)
                .dns(guard.dns())
                .socketFactory(guard.sockets())
                .proxy(Proxy.NO_PROXY)
                .followRedirects(false)
                .followSslRedirects(false)
                .retryOnConnectionFailure(false)
                .connectTimeout(config.timeout())
                .readTimeout(config.timeout())
                .writeTimeout(config.timeout())
                .callTimeout(config.timeout())
                .build();
    }

    /**
     * Calls once; every failure is an answer.
     *
     * @param start is asked when it is the call's turn
     * @param trace what the call is a part of
     */
    Uni<WebhookAnswer> send(WebhookDelivery delivery, WebhookCall call, Start start, Context trace) {
        Optional<String> refusal = guard.refusal(delivery.url());
        if (refusal.isPresent()) {
            return Uni.createFrom().item(WebhookAnswer.refused("the URL cannot be called: " + refusal.get()));
        }
        return Uni.createFrom()
                .<WebhookAnswer>emitter(emitter -> client.newCall(request(delivery, call, start, trace))
                        .enqueue(new Answering(emitter, timeout, heard -> hosts.heard(delivery.url(), heard))))
                .onFailure()
                .recoverWithItem(
                        failure -> WebhookAnswer.hindered(failure.getClass().getSimpleName()));
    }

    private Request request(WebhookDelivery delivery, WebhookCall call, Start start, Context trace) {
        var now = Instant.now();
        String body = new String(JsonCodec.write(call), UTF_8);
        return new Request.Builder()
                .url(delivery.url())
                .tag(Start.class, start)
                .tag(Context.class, trace)
                .header("webhook-id", delivery.webhookId())
                .header("webhook-timestamp", Long.toString(now.getEpochSecond()))
                .header("webhook-signature", signer.sign(delivery, now, body))
                .header("user-agent", "text2video")
                .post(RequestBody.create(body, JSON))
                .build();
    }

    /** Where a call's turn has come. */
    private static Response start(Interceptor.Chain turn) throws IOException {
        if (!turn.request().tag(Start.class).begin()) {
            throw new NotCalledException();
        }
        return WebhookSpan.call(turn, turn.request().tag(Context.class));
    }

    @PreDestroy
    void close() {
        client.dispatcher().cancelAll();
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }

    /** @param hearing is told whether the host has answered */
    private record Answering(UniEmitter<? super WebhookAnswer> emitter, Duration timeout, Consumer<Boolean> hearing)
            implements Callback {
        /** The status says all. What follows is read only where it is so short that the connection serves again. */
        @Override
        public void onResponse(Call call, Response response) {
            long bytes = response.body().contentLength();
            if (bytes < 0 || bytes > LONGEST_ANSWER) {
                call.cancel();
            }
            response.close();
            hearing.accept(true);
            emitter.complete(WebhookAnswer.of(response.code()));
        }

        @Override
        public void onFailure(Call call, IOException failure) {
            if (failure instanceof NotCalledException) {
                emitter.complete(WebhookAnswer.notCalled());
                return;
            }
            hearing.accept(false);
            emitter.complete(WebhookAnswer.failed(words(failure)));
        }

        /** An exception's own words may name addresses that are nobody else's business. */
        private String words(IOException failure) {
            if (failure instanceof RefusedAddressException) {
                return failure.getMessage();
            }
            if (failure instanceof UnknownHostException) {
                return "its host has no address";
            }
            if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
                return "no connection to its host";
            }
            if (failure instanceof SSLException) {
                return "no TLS connection, as with an unknown certificate";
            }
            return failure instanceof InterruptedIOException
                    ? "no answer within %s s".formatted(timeout.toSeconds())
                    : "the connection broke (%s)".formatted(failure.getClass().getSimpleName());
        }
    }

    private static final class NotCalledException extends IOException {
        private static final long serialVersionUID = 1;
    }
}
