package io.text2video.worker.queue;

import io.text2video.common.topic.Pool;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A process of its own that takes one job, and accepts it when it is told to. */
final class HoldingWorker implements AutoCloseable {
    /** Which queue it takes the job from. */
    enum Kind {
        SHARE_GROUP,
        LANES,
        CONSUMER_GROUP;

        JobQueue join(Map<String, Object> kafka, Pool pool) {
            return switch (this) {
                case SHARE_GROUP -> new ShareGroupJobQueue(kafka, pool);
                case LANES -> new ShareConsumerPool(() -> new ShareGroupJobQueue(kafka, pool), 1);
                case CONSUMER_GROUP -> new ConsumerGroupJobQueue(kafka, pool, JobQueueContract.LOCK);
            };
        }
    }

    private final Process process;
    private final BufferedReader output;

    private HoldingWorker(Process process) {
        this.process = process;
        output = process.inputReader(StandardCharsets.UTF_8);
    }

    static HoldingWorker start(Kind kind, String bootstrapServers, Pool pool) throws IOException {
        return new HoldingWorker(new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HoldingWorker.class.getName(),
                        kind.name(),
                        bootstrapServers,
                        pool.name())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** The process: {@code HoldingWorker KIND BOOTSTRAP POOL}. */
    public static void main(String... arguments) throws IOException {
        Map<String, Object> kafka = Map.of("bootstrap.servers", arguments[1]);
        try (JobQueue queue = Kind.valueOf(arguments[0]).join(kafka, new Pool(arguments[2]))) {
            Optional<Delivery> delivery = Optional.empty();
            while (delivery.isEmpty()) {
                delivery = queue.next(Duration.ofMillis(500));
            }
            System.out.println("taken");
            System.in.read();
            delivery.get().accept();
            System.out.println("accepted");
        }
    }

    /** Reads what the process says up to this line. */
    void awaitLine(String line) throws IOException {
        String said = output.readLine();
        while (!line.equals(said)) {
            if (said == null) {
                throw new IOException("the process ended before it said " + line);
            }
            said = output.readLine();
        }
    }

    void accept() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    void freeze() throws IOException, InterruptedException {
        signal("-STOP");
    }

    void wake() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("kill " + signal + ": " + code);
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
