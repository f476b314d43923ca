package io.text2video.standalone.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import org.awaitility.Awaitility;

/**
 * One place of the fleet, where a process runs that may be ended and started again: each is another incarnation, with a
 * name of its own. It is started with {@code java} itself, so that a signal reaches it and nobody else. Not thread-safe.
 */
final class Program {
    private static final Duration START = Duration.ofMinutes(5);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(ANSWER).build();
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    /** What starts fast and stays small matters here, and not what it does in its tenth minute. */
    private static final List<String> LEAN = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");

    private final String name;
    private final List<String> arguments;
    private final IntFunction<Map<String, String>> environment;
    private final BooleanSupplier ready;
    private final Path log;
    private final Leash leash;
    private int incarnation;
    private Process process;

    /**
     * @param arguments of {@code java}
     * @param environment of each incarnation
     * @param ready whether it serves
     * @param logs where its output goes
     */
    Program(
            String name,
            List<String> arguments,
            IntFunction<Map<String, String>> environment,
            BooleanSupplier ready,
            Path logs,
            Leash leash) {
        this.name = name;
        this.arguments = arguments;
        this.environment = environment;
        this.ready = ready;
        this.log = logs.resolve(name + ".log");
        this.leash = leash;
    }

    void start() throws IOException {
        incarnation++;
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.addAll(LEAN);
        command.addAll(arguments);
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment.apply(incarnation));
        process = builder.start();
        leash.hold(process.pid());
    }

    /** Such as {@code worker-2-5}: the fifth in the second worker's place. */
    String incarnation() {
        return name(name, incarnation);
    }

    static String name(String name, int incarnation) {
        return name + "-" + incarnation;
    }

    /** Whether the other differs in its number only: both are gateways, or workers of one pool. */
    boolean isLike(Program other) {
        return name.substring(0, name.lastIndexOf('-')).equals(other.name.substring(0, other.name.lastIndexOf('-')));
    }

    void awaitReady() {
        Awaitility.await(incarnation() + " to be ready, see " + log)
                .atMost(START)
                .pollInterval(Duration.ofMillis(250))
                .failFast(incarnation() + " ended before it was ready, see " + log, () -> !process.isAlive())
                .until(ready::getAsBoolean);
    }

    /** Whether the Quarkus application that tells of its health at that port is ready. */
    static boolean isReady(int port) {
        var ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/ready"))
                .timeout(ANSWER)
                .build();
        try {
            return HTTP.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    boolean isReady() {
        return process.isAlive() && ready.getAsBoolean();
    }

    /** kill -9. Its end is waited for: the kernel has closed its connections then. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
        leash.drop(process.pid());
    }

    /**
     * SIGTERM, as a rollout sends it.
     *
     * @return how long it took to leave
     * @throws IllegalStateException when it does not within {@code grace}
     */
    Duration terminate(Duration grace) throws InterruptedException {
        long start = System.nanoTime();
        process.destroy();
        if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("%s did not leave within %s, see %s".formatted(incarnation(), grace, log));
        }
        leash.drop(process.pid());
        return Duration.ofNanos(System.nanoTime() - start);
    }

    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IllegalStateException("%s is not there to be sent SIG%s".formatted(incarnation(), signal));
        }
    }
}
