package io.text2video.gateway.size;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.text2video.common.json.JsonCodec;
import io.text2video.common.topic.Topic;
import io.text2video.embedded.EmbeddedServices;
import io.text2video.embedded.FreePort;
import io.text2video.kafka.TopicInitializer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Measures a gateway's start on a broker that holds very many jobs, for {@code bench/million-jobs}:
 *
 * <pre>
 *   MillionJobs DIRECTORY JOBS GATEWAY.jar [JVM OPTION...]
 * </pre>
 *
 * The directory keeps the broker's data: a second run with the same number finds it filled. While the gateway fills its
 * view, jobs that it has read are asked for, one after another; then lists are.
 */
public final class MillionJobs {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Pattern KNOWN =
            Pattern.compile("text2video_jobs\\{status=\"(?:completed|queued)\",?\\} ([0-9.E]+)");

    private final HttpClient http = HttpClient.newHttpClient();
    private final int jobs;
    private final String gateway;
    private final String management;

    private MillionJobs(int jobs, int port, int managementPort) {
        this.jobs = jobs;
        gateway = "http://localhost:" + port;
        management = "http://localhost:" + managementPort;
    }

    public static void main(String[] arguments) throws Exception {
        Path data = Path.of(arguments[0]);
        int jobs = Integer.parseInt(arguments[1]);
        try (var services = new EmbeddedServices(data)) {
            if (!data.resolve("filled-" + jobs).toFile().exists()) {
                fill(services.bootstrapServers(), jobs);
                data.resolve("filled-" + jobs).toFile().createNewFile();
            }
            int port = FreePort.find();
            int managementPort = FreePort.find();
            long started = System.nanoTime();
            Process process = MeasuredGateway.start(
                    services,
                    port,
                    managementPort,
                    data.resolve("gateway.log"),
                    arguments[2],
                    Arrays.asList(arguments).subList(3, arguments.length));
            try {
                new MillionJobs(jobs, port, managementPort).measure(process, started);
            } finally {
                process.destroy();
                process.waitFor();
            }
        }
    }

    private static void fill(String broker, int jobs) {
        Map<String, Object> kafka = Map.of("bootstrap.servers", broker, "linger.ms", 20, "batch.size", 262_144);
        TopicInitializer.initialize(kafka, 4, Duration.ofSeconds(30));
        long started = System.nanoTime();
        try (var producer = new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < jobs; i++) {
                byte[] key = TypicalJobs.MEASURED.id(i).toString().getBytes(UTF_8);
                producer.send(new ProducerRecord<>(
                        Topic.REQUESTS.topicName(), key, JsonCodec.write(TypicalJobs.MEASURED.request(i))));
                producer.send(new ProducerRecord<>(
                        Topic.JOBS.topicName(), key, JsonCodec.write(TypicalJobs.MEASURED.completed(i))));
            }
        }
        System.out.printf("filled: %d requests and as many completed jobs in %.1f s%n", jobs, since(started));
    }

    private void measure(Process process, long started) throws Exception {
        while (metrics().isEmpty()) {
            Thread.onSpinWait();
        }
        System.out.printf("answers after %.1f s%n", since(started));
        List<Double> whileFilling = new ArrayList<>();
        var random = new Random(1);
        int asked = 0;
        int notFound = 0;
        int known = 0;
        long looked = 0;
        while (known < jobs && since(started) < PATIENCE.toSeconds()) {
            if (System.nanoTime() - looked > 200_000_000) {
                known = known();
                looked = System.nanoTime();
            }
            if (known > 100) {
                // The partitions do not advance alike: of those read, the earlier half is there for sure.
                long before = System.nanoTime();
                int status = status(gateway + "/v1/videos/" + TypicalJobs.MEASURED.id(random.nextInt(known / 2)));
                whileFilling.add(since(before) * 1000);
                asked++;
                notFound += status == 200 ? 0 : 1;
            }
            Thread.sleep(2);
        }
        System.out.printf(
                "all %d known after %.1f s, of processors %.1f s%n",
                known,
                since(started),
                process.info().totalCpuDuration().orElseThrow().toMillis() / 1000.0);
        tellThreads(process);
        while (status(management + "/q/health/ready") != 200) {
            Thread.sleep(20);
        }
        System.out.printf("ready after %.1f s%n", since(started));
        tell("GET while filling", whileFilling);
        System.out.printf("asked %d, not found %d%n", asked, notFound);
        List<Double> lists = new ArrayList<>();
        List<Double> gets = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            long before = System.nanoTime();
            status(gateway + "/v1/videos?limit=100&after=" + TypicalJobs.MEASURED.id(random.nextInt(jobs)));
            lists.add(since(before) * 1000);
            before = System.nanoTime();
            status(gateway + "/v1/videos/" + TypicalJobs.MEASURED.id(random.nextInt(jobs)));
            gets.add(since(before) * 1000);
        }
        tell("GET when filled", gets);
        tell("GET a list of 100", lists);
        List<String> live = jcmd(process, "GC.class_histogram");
        live.stream().limit(14).forEach(System.out::println);
        System.out.println(live.get(live.size() - 1));
    }

    private static void tellThreads(Process process) throws IOException {
        jcmd(process, "Thread.print").stream()
                .filter(line -> line.matches("\"(job-view|C2|C1|G1|GC|VM Thread|vert.x).*"))
                .map(line -> line.replaceAll("(os_prio|prio|tid|nid|daemon|#).*?cpu=", "cpu=")
                        .replaceAll("ms elapsed.*", "ms"))
                .forEach(System.out::println);
    }

    private static List<String> jcmd(Process process, String what) throws IOException {
        var jcmd = new ProcessBuilder("jcmd", Long.toString(process.pid()), what)
                .redirectErrorStream(true)
                .start();
        return new String(jcmd.getInputStream().readAllBytes(), UTF_8).lines().toList();
    }

    private int known() throws IOException, InterruptedException {
        Matcher matcher = KNOWN.matcher(metrics());
        int known = 0;
        while (matcher.find()) {
            known += (int) Double.parseDouble(matcher.group(1));
        }
        return known;
    }

    private String metrics() throws InterruptedException {
        try {
            return http.send(request(management + "/q/metrics"), BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return "";
        }
    }

    private int status(String url) throws IOException, InterruptedException {
        return http.send(request(url), BodyHandlers.ofString()).statusCode();
    }

    private static HttpRequest request(String url) {
        return HttpRequest.newBuilder(URI.create(url)).build();
    }

    private static void tell(String what, List<Double> millis) {
        List<Double> sorted = millis.stream().sorted().toList();
        System.out.printf(
                "%s: %d, ms p50 %.1f p90 %.1f p99 %.1f max %.1f%n",
                what,
                sorted.size(),
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() * 9 / 10),
                sorted.get(sorted.size() * 99 / 100),
                sorted.get(sorted.size() - 1));
    }

    private static double since(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }
}
