package io.text2video.gateway.webhook;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import javax.net.SocketFactory;

/**
 * Sockets that connect to no address that the policy refuses. It is asked for the very address that is connected to, so that
 * a name cannot have another one by then. They go through no proxy. Thread-safe.
 */
final class GuardedSocketFactory extends SocketFactory {
    /** Answers are short; whoever sends more than is read shall not fill the kernel's memory. */
    private static final int RECEIVE_BUFFER = 64 << 10;

    private final AddressPolicy policy;

    GuardedSocketFactory(AddressPolicy policy) {
        this.policy = policy;
    }

    /** The address may not be called. */
    static final class RefusedAddressException extends IOException {
        private static final long serialVersionUID = 1;

        RefusedAddressException(String what) {
            super("the host has %s, which is not called unless %s allows it".formatted(what, WebhookConfig.NETWORKS));
        }
    }

    @Override
    public Socket createSocket() throws IOException {
        Socket socket = new GuardedSocket();
        socket.setReceiveBufferSize(RECEIVE_BUFFER);
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return createSocket(InetAddress.getByName(host), port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        Socket socket = createSocket();
        socket.connect(new InetSocketAddress(host, port));
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return createSocket(InetAddress.getByName(host), port, localHost, localPort);
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        Socket socket = createSocket();
        socket.bind(new InetSocketAddress(localAddress, localPort));
        socket.connect(new InetSocketAddress(address, port));
        return socket;
    }

    private final class GuardedSocket extends Socket {
        GuardedSocket() {
            super(Proxy.NO_PROXY);
        }

        /** {@link Socket#connect(SocketAddress)} comes by here too. */
        @Override
        public void connect(SocketAddress endpoint, int timeout) throws IOException {
            InetAddress address = endpoint instanceof InetSocketAddress internet ? internet.getAddress() : null;
            if (address == null) {
                throw new RefusedAddressException("no known address");
            }
            var refusal = policy.refusal(address);
            if (refusal.isPresent()) {
                throw new RefusedAddressException(refusal.get());
            }
            super.connect(endpoint, timeout);
        }
    }
}
