package io.text2video.gateway.api.security;

import io.quarkus.vertx.http.runtime.cors.CORSFilter;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.smallrye.config.ConfigMapping;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import io.text2video.gateway.api.errors.EarlyAnswer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Keeps web pages of others away from a gateway that their reader's browser reaches, on this machine or in a private network.
 * A page can have its own name resolve to the gateway (DNS rebinding), which its {@code Host} shows; or send requests across
 * sites, whose {@code Origin} or {@code Sec-Fetch-Site} browsers do not let it change. Programs send neither of the two.
 *
 * <p>Hosts are looked at where {@code gateway.allowed-hosts} names any, origins there and where CORS is on.
 *
 * @see <a href="https://www.w3.org/TR/post-spectre-webdev/">Post-Spectre Web Development</a>
 */
@Singleton
class OriginCheck {
    /** Whom a gateway answers. */
    @ConfigMapping(prefix = "gateway")
    interface HostConfig {
        /** What {@code Host} may be: names and addresses, with a port or for any; all where there is none, or {@code *}. */
        Optional<List<String>> allowedHosts();
    }

    /** Before all else that is asked of a request. */
    private static final int FIRST = 2000;

    private static final String ANY = "*";

    private final Optional<AllowedHosts> hosts;
    private final boolean cors;
    private final Optional<List<String>> origins;
    private final List<Pattern> originPatterns;

    OriginCheck(
            HostConfig config,
            @ConfigProperty(name = "quarkus.http.cors.enabled", defaultValue = "false") boolean cors,
            @ConfigProperty(name = "quarkus.http.cors.origins") Optional<List<String>> origins) {
        hosts = config.allowedHosts().filter(names -> !names.contains(ANY)).map(AllowedHosts::new);
        this.cors = cors;
        this.origins = origins;
        originPatterns = CORSFilter.parseAllowedOriginsRegex(origins);
    }

    void register(@Observes Filters filters) {
        if (hosts.isPresent() || cors) {
            filters.register(this::check, FIRST);
        }
    }

    private void check(RoutingContext context) {
        HttpServerRequest request = context.request();
        Optional<ApiException> refusal = refusedHost(request).or(() -> refusedOrigin(request));
        if (refusal.isPresent()) {
            EarlyAnswer.refuse(request, refusal.get());
        } else {
            context.next();
        }
    }

    private Optional<ApiException> refusedHost(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        boolean isKnown = hosts.isEmpty()
                || (authority != null
                        && request.headers().getAll(HttpHeaders.HOST).size() <= 1
                        && hosts.get().contains(authority, request.scheme()));
        return isKnown
                ? Optional.empty()
                : Optional.of(ApiException.of(
                        ApiErrorCode.HOST_NOT_ALLOWED,
                        "Host",
                        "this gateway is not called %s: use an address that it is known by, or have its operator add that to GATEWAY_ALLOWED_HOSTS"
                                .formatted(authority)));
    }

    private Optional<ApiException> refusedOrigin(HttpServerRequest request) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin == null) {
            return isFromElsewhere(request)
                    ? Optional.of(
                            ApiException.of(
                                    ApiErrorCode.ORIGIN_NOT_ALLOWED,
                                    "Sec-Fetch-Site",
                                    "pages of other origins may not ask this gateway, unless they send Origin and its operator has allowed it"))
                    : Optional.empty();
        }
        if (isOwn(origin, request)) {
            // They need no CORS, whose filter knows fewer of them: behind a proxy with TLS it takes https for foreign.
            request.headers().remove(HttpHeaders.ORIGIN);
            return Optional.empty();
        }
        return isAllowed(origin)
                ? Optional.empty()
                : Optional.of(ApiException.of(
                        ApiErrorCode.ORIGIN_NOT_ALLOWED,
                        "Origin",
                        "pages of %s may not ask this gateway, unless its operator adds that to QUARKUS_HTTP_CORS_ORIGINS"
                                .formatted(origin)));
    }

    /** Embedded by another page, as an image is. That a link leads here is nobody's harm. */
    private static boolean isFromElsewhere(HttpServerRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        boolean byLink = "navigate".equals(request.getHeader("Sec-Fetch-Mode"))
                && "document".equals(request.getHeader("Sec-Fetch-Dest"))
                && (request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD);
        return ("cross-site".equals(site) || "same-site".equals(site)) && !byLink;
    }

    private boolean isAllowed(String origin) {
        return cors
                && (origins.orElse(List.of()).stream().anyMatch(each -> each.equals(origin) || each.equals(ANY))
                        || CORSFilter.isOriginAllowedByRegex(originPatterns, origin));
    }

    private boolean isOwn(String origin, HttpServerRequest request) {
        URI uri = uri(origin);
        HostAndPort from = uri == null ? null : HostAndPort.parseAuthority(uri.getRawAuthority(), -1);
        HostAndPort asked = request.authority();
        return from != null
                && ((asked != null && AllowedHosts.areSame(from, asked, uri.getScheme()))
                        || hosts.map(known -> known.contains(from, uri.getScheme()))
                                .orElse(false));
    }

    /** Null for what is no page's origin: {@code null} itself, and schemes of their own. */
    private static URI uri(String origin) {
        try {
            URI uri = URI.create(origin);
            boolean isWeb = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            return isWeb && uri.getRawAuthority() != null ? uri : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
