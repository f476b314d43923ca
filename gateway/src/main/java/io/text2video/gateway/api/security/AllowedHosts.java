package io.text2video.gateway.api.security;

import io.netty.util.NetUtil;
import io.vertx.core.net.HostAndPort;
import java.util.List;
import java.util.Locale;

/** The names and addresses, each with its port or with any, that a gateway is known by. Immutable. */
final class AllowedHosts {
    private static final int ANY_PORT = -1;
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private record Entry(String host, int port) {
        boolean covers(String name, int itsPort) {
            return host.equals(name) && (port == ANY_PORT || port == itsPort);
        }
    }

    private final List<Entry> entries;

    /**
     * @param hosts such as {@code api.example.com}, {@code localhost:8080} and {@code [::1]:8080}
     * @throws IllegalArgumentException when one is of another form
     */
    AllowedHosts(List<String> hosts) {
        entries = hosts.stream().map(AllowedHosts::entry).toList();
    }

    /** Whether a {@code Host} without a port means that of the scheme, as do an {@code Origin}'s. */
    boolean contains(HostAndPort authority, String scheme) {
        int port = port(authority, scheme);
        String name = name(authority);
        return entries.stream().anyMatch(entry -> entry.covers(name, port));
    }

    /** Whether both are the same host at the same port. */
    static boolean areSame(HostAndPort one, HostAndPort other, String scheme) {
        return name(one).equals(name(other)) && port(one, scheme) == port(other, scheme);
    }

    private static Entry entry(String text) {
        HostAndPort parsed = HostAndPort.parseAuthority(text.strip(), ANY_PORT);
        if (parsed == null || parsed.host().isEmpty()) {
            throw new IllegalArgumentException(
                    "gateway.allowed-hosts has '%s': it must be a host, or host:port, as api.example.com or localhost:8080"
                            .formatted(text));
        }
        return new Entry(name(parsed), parsed.port());
    }

    /** In one spelling: small letters, no dot at the end, IPv6 as browsers write it and without brackets. */
    private static String name(HostAndPort authority) {
        String host = authority.host().toLowerCase(Locale.ROOT);
        if (host.startsWith("[") && host.endsWith("]")) {
            byte[] address = NetUtil.createByteArrayFromIpAddressString(host.substring(1, host.length() - 1));
            return address == null ? host : NetUtil.bytesToIpAddress(address);
        }
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    private static int port(HostAndPort authority, String scheme) {
        return authority.port() > 0 ? authority.port() : scheme.equals("https") ? HTTPS : HTTP;
    }
}
