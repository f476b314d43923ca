package io.text2video.gateway.api.bodies;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.Future;
import io.quarkus.vertx.http.HttpServer;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.text2video.gateway.api.bodies.BodyMemory.BodyConfig;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;

/**
 * Cuts clients off that begin a request and do not come to the end of its headers in time. The server's idle timeout would
 * begin anew with each byte of them. No request is there yet that could be answered, so it is done below HTTP.
 */
@Singleton
class HeadTimeout {
    /** Before whatever may refuse the request. */
    private static final int FIRST = 3000;

    private final Duration timeout;

    HeadTimeout(BodyConfig config) {
        timeout = config.timeout();
    }

    void register(@Observes Filters filters) {
        filters.register(HeadTimeout::headIsThere, FIRST);
    }

    void limit(@ObservesAsync HttpServerStart started, Vertx vertx, HttpServer server) {
        limit(vertx, port -> port == server.getPort());
    }

    void limit(@ObservesAsync HttpsServerStart started, Vertx vertx, HttpServer server) {
        limit(vertx, port -> port == server.getSecurePort());
    }

    /** Limits the connections that come from now on to the servers at these ports. */
    void limit(Vertx vertx, IntPredicate ports) {
        ((VertxInternal) vertx)
                .getAcceptorEventLoopGroup()
                .forEach(acceptor -> acceptor.execute(() -> ((SingleThreadEventLoop) acceptor)
                        .registeredChannelsIterator()
                        .forEachRemaining(server -> {
                            if (server.localAddress() instanceof InetSocketAddress address
                                    && ports.test(address.getPort())) {
                                server.pipeline().addFirst(new Acceptor(timeout));
                            }
                        })));
    }

    static void headIsThere(RoutingContext context) {
        Channel channel = ((ConnectionBase) context.request().connection()).channel();
        Connection connection = channel.pipeline().get(Connection.class);
        if (connection != null) {
            connection.begin();
            context.addEndHandler(ended -> connection.end());
            if (context.request().version() == HttpVersion.HTTP_2) {
                // Its clients may keep a connection without asking for anything.
                channel.pipeline().remove(connection);
            }
        }
        context.next();
    }

    /** Of a server: hands on the connections that it accepts. */
    private static final class Acceptor extends ChannelInboundHandlerAdapter {
        private final Duration timeout;

        Acceptor(Duration timeout) {
            this.timeout = timeout;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object accepted) {
            ((Channel) accepted).pipeline().addFirst(new Connection(timeout));
            context.fireChannelRead(accepted);
        }
    }

    /** Lives on the connection's event loop. */
    private static final class Connection extends ChannelInboundHandlerAdapter {
        private final Duration timeout;

        private int begun;
        private int ended;
        /** Null unless a head is under way. */
        private Future<?> deadline;

        Connection(Duration timeout) {
            this.timeout = timeout;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            int before = begun;
            context.fireChannelRead(bytes);
            if (begun == before && begun == ended && deadline == null) {
                Runnable cutOff = context::close;
                deadline = context.executor().schedule(cutOff, timeout.toMillis(), TimeUnit.MILLISECONDS);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            cancel();
            context.fireChannelInactive();
        }

        void begin() {
            begun++;
            cancel();
        }

        void end() {
            ended++;
        }

        private void cancel() {
            if (deadline != null) {
                deadline.cancel(false);
                deadline = null;
            }
        }
    }
}
