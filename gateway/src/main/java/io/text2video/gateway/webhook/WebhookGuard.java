package io.text2video.gateway.webhook;

import io.netty.util.NetUtil;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import javax.net.SocketFactory;
import okhttp3.Dns;
import okhttp3.HttpUrl;

/**
 * Keeps webhooks out of networks that their authors could not reach themselves: a URL is looked at when it is asked for, so
 * that its author is told, and its address again whenever it is connected to ({@link #sockets}), which is what counts.
 * Thread-safe.
 */
@Singleton
@Startup
public class WebhookGuard {
    private static final Duration LOOKUP_TIMEOUT = Duration.ofSeconds(3);
    /** Each holds a thread, for as long as a name's servers say nothing. */
    private static final int LOOKUPS_AT_ONCE = 32;

    /** Whose last label is a number: by the URL Standard it is an IPv4 address, in whatever spelling. */
    private static final Pattern NUMBER = Pattern.compile("(.*\\.)?([0-9]+|0[xX][0-9a-fA-F]*)\\.?");

    private final boolean allowsHttp;
    private final AddressPolicy policy;
    private final Dns dns;
    private final Semaphore lookups = new Semaphore(LOOKUPS_AT_ONCE);

    @Inject
    WebhookGuard(WebhookConfig config) {
        this(config, Dns.SYSTEM);
    }

    WebhookGuard(WebhookConfig config, Dns dns) {
        this.dns = dns;
        allowsHttp = config.dangerousAllowHttp();
        policy = new AddressPolicy(config.dangerousAllowedNetworks().orElse(List.of()));
    }

    /**
     * Looks at a URL that is asked for. Fails with {@link RefusedWebhookException} when it cannot be called. A name that
     * nobody knows now, or not soon, or while many are asked for, passes: each try asks again.
     */
    public Uni<Void> check(String url) {
        Optional<String> refusal = refusal(url);
        if (refusal.isPresent()) {
            return Uni.createFrom().failure(new RefusedWebhookException(refusal.get()));
        }
        String host = HttpUrl.get(url).host();
        if (literal(host) != null) {
            return Uni.createFrom().voidItem();
        }
        return Uni.createFrom()
                .item(() -> addresses(host))
                .runSubscriptionOn(Infrastructure.getDefaultExecutor())
                .ifNoItem()
                .after(LOOKUP_TIMEOUT)
                .recoverWithItem(List.of())
                .emitOn(Infrastructure.getDefaultExecutor())
                .flatMap(addresses -> check(host, addresses));
    }

    /** Why a URL cannot be called, as far as it tells by itself; nothing where it can, or its host has to be looked up. */
    Optional<String> refusal(String text) {
        HttpUrl url = HttpUrl.parse(text);
        if (url == null) {
            return Optional.of("it has no host that can be called; name a URL such as https://example.com/hooks");
        }
        if (!url.isHttps() && !allowsHttp) {
            return Optional.of("it is an http URL, and must be an https one unless the operator sets %s=true"
                    .formatted(WebhookConfig.HTTP));
        }
        InetAddress literal = literal(url.host());
        if (isSpeltOtherwise(text, url.host(), literal)) {
            return Optional.of(
                    "%s is an address in an unusual spelling; write an IPv4 address as four decimal numbers with dots between"
                            .formatted(url.host()));
        }
        return literal == null ? Optional.empty() : policy.refusal(literal).map(what -> refusal(url.host(), what));
    }

    /** Each of them is checked by {@link #sockets} when it is connected to. */
    Dns dns() {
        return dns;
    }

    /** Those to call with. */
    SocketFactory sockets() {
        return new GuardedSocketFactory(policy);
    }

    /** Which of its addresses it is stays untold: it may be of a network whose names are nobody else's business. */
    private Uni<Void> check(String host, List<InetAddress> addresses) {
        return addresses.stream()
                .flatMap(address -> policy.refusal(address).stream())
                .findFirst()
                .map(what -> Uni.createFrom().<Void>failure(new RefusedWebhookException(refusal(host, what))))
                .orElseGet(() -> Uni.createFrom().voidItem());
    }

    private List<InetAddress> addresses(String host) {
        if (!lookups.tryAcquire()) {
            return List.of();
        }
        try {
            return dns.lookup(host);
        } catch (UnknownHostException e) {
            return List.of();
        } finally {
            lookups.release();
        }
    }

    private static String refusal(String host, String what) {
        return "%s is %s; name a host with public addresses alone, or have the operator allow its network with %s"
                .formatted(host, what, WebhookConfig.NETWORKS);
    }

    /** Null for a name. */
    private static InetAddress literal(String host) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
        try {
            return address == null ? null : InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** 127.1, 0177.0.0.1, 0x7f000001 and 2130706433 are 127.0.0.1 to some resolvers, as [::ffff:7f00:1] is to all. */
    private static boolean isSpeltOtherwise(String url, String host, InetAddress literal) {
        boolean inBrackets = url.startsWith("[", url.indexOf("://") + "://".length());
        return inBrackets
                ? !host.contains(":")
                : NUMBER.matcher(host).matches()
                        && (literal == null || !literal.getHostAddress().equals(host));
    }
}
