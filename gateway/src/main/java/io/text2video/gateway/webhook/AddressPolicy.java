package io.text2video.gateway.webhook;

import io.netty.util.NetUtil;
import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Which addresses may be called: public ones, and those of the networks that the operator allows. What is not public is told
 * by IANA's registries of special-purpose addresses, and of IPv6 by what lies outside of {@code 2000::/3}. Immutable.
 */
final class AddressPolicy {
    /** The first that holds an address tells what it is. */
    private static final List<Network> SPECIAL = List.of(
            new Network("0.0.0.0/8", "an unspecified address"),
            new Network("10.0.0.0/8", "a private address"),
            new Network("100.64.0.0/10", "an address of a carrier-grade NAT"),
            new Network("127.0.0.0/8", "a loopback address"),
            new Network("168.63.129.16/32", "a metadata address"),
            new Network("169.254.0.0/16", "a link-local or metadata address"),
            new Network("172.16.0.0/12", "a private address"),
            new Network("192.0.0.0/24", "an address of a protocol"),
            new Network("192.0.2.0/24", "an address for documentation"),
            new Network("192.88.99.0/24", "a 6to4 relay's address"),
            new Network("192.168.0.0/16", "a private address"),
            new Network("198.18.0.0/15", "an address for benchmarks"),
            new Network("198.51.100.0/24", "an address for documentation"),
            new Network("203.0.113.0/24", "an address for documentation"),
            new Network("224.0.0.0/4", "a multicast address"),
            new Network("240.0.0.0/4", "a reserved address"),
            new Network("::/128", "an unspecified address"),
            new Network("::1/128", "a loopback address"),
            new Network("::/96", "an IPv4-compatible address"),
            new Network("::ffff:0:0/96", "an IPv4-mapped address"),
            new Network("64:ff9b::/96", "a NAT64 address"),
            new Network("64:ff9b:1::/48", "a NAT64 address"),
            new Network("2001::/32", "a Teredo address"),
            new Network("2001::/23", "an address of a protocol"),
            new Network("2001:db8::/32", "an address for documentation"),
            new Network("2002::/16", "a 6to4 address"),
            new Network("3fff::/20", "an address for documentation"),
            new Network("fc00::/7", "a unique local address"),
            new Network("fe80::/10", "a link-local address"),
            new Network("fec0::/10", "a site-local address"),
            new Network("ff00::/8", "a multicast address"));

    private static final Network GLOBAL_UNICAST = new Network("2000::/3", "a global unicast address");

    private final List<Network> allowed;

    /**
     * @param allowed in CIDR notation
     * @throws IllegalArgumentException where one is not
     */
    AddressPolicy(List<String> allowed) {
        this.allowed = allowed.stream()
                .map(cidr -> new Network(cidr.strip(), "allowed"))
                .toList();
    }

    /** What it is that may not be called, such as {@code a loopback address (127.0.0.0/8)}; nothing where it may. */
    Optional<String> refusal(InetAddress address) {
        if (allowed.stream().anyMatch(network -> network.contains(address))) {
            return Optional.empty();
        }
        for (Network network : SPECIAL) {
            if (network.contains(address)) {
                return Optional.of("%s (%s)".formatted(network.kind, network.cidr));
            }
        }
        return address instanceof Inet6Address && !GLOBAL_UNICAST.contains(address)
                ? Optional.of("no public address (outside of %s)".formatted(GLOBAL_UNICAST.cidr))
                : Optional.empty();
    }

    /** Addresses that begin with the same bits. Netty's own rule of them takes fe80::1 for one of fc00::/7. */
    private static final class Network {
        private final String cidr;
        private final String kind;
        private final byte[] address;
        private final int bits;

        Network(String cidr, String kind) {
            this.cidr = cidr;
            this.kind = kind;
            int slash = cidr.indexOf('/');
            address = NetUtil.createByteArrayFromIpAddressString(cidr.substring(0, Math.max(0, slash)));
            bits = bits(cidr.substring(slash + 1));
            if (address == null || bits < 0 || bits > address.length * Byte.SIZE) {
                throw new IllegalArgumentException(
                        "webhook.dangerous-allowed-networks must be networks such as 10.1.0.0/16 or fd00:1::/32, not \"%s\""
                                .formatted(cidr));
            }
        }

        boolean contains(InetAddress other) {
            byte[] bytes = other.getAddress();
            if (bytes.length != address.length) {
                return false;
            }
            BigInteger difference = new BigInteger(1, bytes).xor(new BigInteger(1, address));
            return difference.bitLength() <= address.length * Byte.SIZE - bits;
        }

        private static int bits(String text) {
            try {
                return Integer.parseInt(text);
            } catch (NumberFormatException e) {
                return -1;
            }
        }
    }
}
