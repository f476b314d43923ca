package io.text2video.gateway.api;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.spi.ServerHttpResponse;

/**
 * Sends files to clients: so many at once, on threads of its own, so that slow clients delay nobody else. Each file has one
 * piece of 64 KiB in memory, and the next is read when the client has taken it. Thread-safe.
 */
@ApplicationScoped
class Downloads {
    /** Handing out videos. */
    @ConfigMapping(prefix = "download")
    interface DownloadConfig {
        /** How many files are handed out at once; who comes then is answered 503. Each takes a thread. */
        @WithDefault("64")
        int atOnce();

        /** A client that takes less than 64 KiB in this time is cut off. */
        @WithDefault("60s")
        Duration writeTimeout();
    }

    private static final Logger LOG = Logger.getLogger(Downloads.class);
    private static final int PIECE = 64 << 10;

    private final Semaphore places;
    private final int atOnce;
    private final Duration writeTimeout;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> new Thread(task, "download"));

    Downloads(DownloadConfig config) {
        if (config.atOnce() < 1 || config.writeTimeout().toMillis() < 1) {
            throw new IllegalStateException(
                    "download.at-once is %d and download.write-timeout %s; they must be 1 and 1 ms at least"
                            .formatted(config.atOnce(), config.writeTimeout()));
        }
        atOnce = config.atOnce();
        writeTimeout = config.writeTimeout();
        places = new Semaphore(atOnce);
    }

    /**
     * A part of a file on its way to a client. Whoever sends it closes the stream and gives the place back.
     *
     * @param length in bytes
     */
    record Download(InputStream bytes, long length, Place place) {}

    /** A download that may be under way. Closing it twice does nothing more. */
    final class Place implements AutoCloseable {
        private final AtomicBoolean held = new AtomicBoolean(true);

        @Override
        public void close() {
            if (held.getAndSet(false)) {
                places.release();
            }
        }
    }

    /** @throws ApiException with 503 when as many as may be are under way */
    Place take() {
        if (!places.tryAcquire()) {
            throw ApiException.of(
                    ApiErrorCode.OVERLOADED, "this gateway hands out %d files already; ask again".formatted(atOnce));
        }
        return new Place();
    }

    /**
     * Sends it, and ends the response, or cuts it off where the client or the store fails: its status has gone out.
     *
     * @param then runs in either case
     */
    void send(Download download, ServerHttpResponse response, Runnable then) {
        threads.execute(() -> {
            Place place = download.place();
            try (place;
                    InputStream bytes = download.bytes()) {
                write(bytes, download.length(), response);
                response.end();
            } catch (IOException | ExecutionException | TimeoutException | RuntimeException e) {
                LOG.debugf("download cut off reason=%s", e);
                response.reset();
            } catch (InterruptedException e) {
                response.reset();
                Thread.currentThread().interrupt();
            } finally {
                then.run();
            }
        });
    }

    private void write(InputStream bytes, long length, ServerHttpResponse response)
            throws IOException, ExecutionException, TimeoutException, InterruptedException {
        long left = length;
        while (left > 0) {
            byte[] piece = bytes.readNBytes((int) Math.min(PIECE, left));
            if (piece.length == 0) {
                throw new EOFException("the store's file ends " + left + " bytes early");
            }
            response.write(piece).toCompletableFuture().get(writeTimeout.toMillis(), TimeUnit.MILLISECONDS);
            left -= piece.length;
        }
    }

    @PreDestroy
    void close() {
        threads.shutdownNow();
    }
}
