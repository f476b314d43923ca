package io.text2video.standalone.cli;

import com.sun.management.OperatingSystemMXBean;
import io.text2video.common.model.ModelDefaults;
import io.text2video.kafka.TopicVerifier;
import io.text2video.standalone.fleet.FleetConfiguration;
import io.text2video.worker.app.PipelineFlags;
import io.text2video.worker.device.DeviceChoice;
import io.text2video.worker.device.DeviceReport;
import io.text2video.worker.device.DeviceRequest;
import io.text2video.worker.hub.ModelLocation;
import io.text2video.worker.kernels.CpuFeatures;
import io.text2video.worker.kernels.CpuPathCache;
import io.text2video.worker.kernels.DType;
import io.text2video.worker.pipeline.CogVideoXPipeline;
import io.text2video.worker.pipeline.CollectedFrames;
import io.text2video.worker.pipeline.ComputeType;
import io.text2video.worker.pipeline.Frames;
import io.text2video.worker.pipeline.Generation;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.StepListener;
import io.text2video.worker.video.VideoEncoder;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What this machine can run, and why not. Each line is the outcome of doing the thing, not of looking for it. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description =
                "Tries what the fleet needs of this machine, and of Kafka where it is told one, and says what is wrong. Exit code 1 if something is.")
final class DoctorCommand implements Callable<Integer> {
    private static final double GIB = 1L << 30;
    private static final double LEAST_MEMORY = 2;
    private static final double LEAST_DISK = 1;
    private static final int KAFKA_TIMEOUT_MS = 30_000;

    /** @param warning of what is good as long as nothing else fails */
    private record Finding(String subject, boolean good, boolean warning, String text) {
        Finding(String subject, boolean good, String text) {
            this(subject, good, false, text);
        }

        private String mark() {
            return warning ? "WARN" : good ? "ok" : "BAD";
        }
    }

    @FunctionalInterface
    private interface Check {
        String run() throws Exception;
    }

    @Mixin
    ModelOptions.Checkpoint model = new ModelOptions.Checkpoint();

    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Mixin
    SharedOptions.Json json = new SharedOptions.Json();

    @Spec
    CommandSpec spec;

    private final List<Finding> findings = new ArrayList<>();
    private Frames frames;

    @Override
    public Integer call() throws IOException {
        check("java", DoctorCommand::java);
        check("cpu", DoctorCommand::cpu);
        check("memory", DoctorCommand::memory);
        check("disk", DoctorCommand::disk);
        check("malloc", DoctorCommand::malloc);
        check("engine", this::engine);
        check("paths", DoctorCommand::paths);
        check("video", this::video);
        // None is no fault: what is there is told, and why it is not used.
        DeviceReport devices = DeviceReport.ofThisMachine();
        check("gpu", devices::gpus);
        check("torch", devices::libtorch);
        check("device", devices::choice);
        check("kafka", this::kafka);
        print();
        return findings.stream().allMatch(Finding::good) ? 0 : 1;
    }

    private void check(String subject, Check check) {
        try {
            findings.add(new Finding(subject, true, check.run()));
        } catch (Exception | LinkageError e) {
            findings.add(new Finding(subject, false, String.valueOf(e.getMessage())));
        }
    }

    private static String java() {
        int feature = Runtime.version().feature();
        require(feature >= 17, "Java %d; 17 or later is needed", feature);
        return "Java %s on %s %s, %d processors"
                .formatted(
                        Runtime.version(),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"),
                        Runtime.getRuntime().availableProcessors());
    }

    private static String cpu() {
        CpuFeatures cpu = CpuFeatures.ofThisMachine();
        return Arrays.stream(ComputeType.values())
                .map(type -> type + speed(cpu, type.dtype()))
                .collect(Collectors.joining(", "));
    }

    private static String speed(CpuFeatures cpu, DType dtype) {
        if (cpu.isFastIn(dtype)) {
            return " at full speed";
        }
        return cpu.multiplies(dtype)
                ? " without instructions of its own, which saves memory, not time"
                : " widened to fp32, which is slower";
    }

    private static String memory() {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        double all = system.getTotalMemorySize() / GIB;
        require(all >= LEAST_MEMORY, "%.1f GiB; %.0f GiB are needed", all, LEAST_MEMORY);
        return String.format(
                Locale.ROOT,
                "%.1f GiB, heap up to %.1f GiB",
                all,
                Runtime.getRuntime().maxMemory() / GIB);
    }

    private static String disk() throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        double free = Files.getFileStore(temporary).getUsableSpace() / GIB;
        require(free >= LEAST_DISK, "%.1f GiB free in %s; %.0f GiB are needed", free, temporary, LEAST_DISK);
        return String.format(Locale.ROOT, "%.1f GiB free in %s", free, temporary);
    }

    private static String malloc() {
        require(
                System.getenv("MALLOC_TRIM_THRESHOLD_") != null,
                "MALLOC_TRIM_THRESHOLD_ is not set: memory would creep over many jobs; start with ./text2video");
        return "what is freed goes back to the system";
    }

    private String engine() throws IOException {
        long start = System.nanoTime();
        ModelLocation location = model.location();
        DeviceChoice device = DeviceChoice.of(DeviceRequest.AUTO);
        try (var pipeline = CogVideoXPipeline.load(
                location.directory(), Map.of(), new PipelineFlags().options().on(device))) {
            double load = (System.nanoTime() - start) / 1e9;
            ModelDefaults defaults = pipeline.defaults();
            var parameters = new GenerationParameters(
                    "a test",
                    "",
                    1,
                    1,
                    false,
                    0,
                    defaults.height(),
                    defaults.width(),
                    defaults.numFrames(),
                    defaults.fps(),
                    0,
                    List.of(),
                    null);
            var collected = new CollectedFrames(parameters);
            Generation generation = pipeline.generate(parameters, StepListener.NONE, collected);
            frames = collected.frames();
            return String.format(
                    Locale.ROOT,
                    "%s loaded on %s in %.1f s; a step without guidance takes %.2f s, decoding %.2f s",
                    location.id(),
                    device,
                    load,
                    generation.denoising().toNanos() / 1e9,
                    generation.decoding().toNanos() / 1e9);
        }
    }

    /** What is kept for this CPU, the newest first. */
    private static String paths() {
        List<CpuPathCache.Entry> kept = CpuPathCache.ofThisProcess().kept();
        return kept.isEmpty()
                ? "nothing is kept of the CPU's ways; they are as WORKER_CPU_PATHS says, or timed by each process"
                : kept.stream()
                        .map(entry -> "%s for %s at %s, timed %s%s"
                                .formatted(
                                        entry.chosen().paths(),
                                        entry.key().dtype(),
                                        entry.key().sizes(),
                                        entry.date(),
                                        entry.isSettled() ? "" : " on a busy machine, and to be timed again"))
                        .collect(Collectors.joining("; "));
    }

    private String video() throws IOException {
        require(frames != null, "not tried, there are no frames");
        try (var encoder = new VideoEncoder(8)) {
            encoder.accept(frames);
            try (var encoded = encoder.finish()) {
                return "H.264 in MP4 works, %d bytes".formatted(encoded.size());
            }
        }
    }

    /** The same as gateways and workers look at when they start; here nothing is made or changed. */
    private String kafka() throws IOException {
        var given = new FleetConfiguration();
        if (!kafka.hasBroker(given)) {
            return "not looked at, neither --kafka nor KAFKA_BOOTSTRAP_SERVERS names a broker";
        }
        Map<String, Object> client = kafka.clientConfiguration(given);
        client.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, KAFKA_TIMEOUT_MS);
        client.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, KAFKA_TIMEOUT_MS);
        var result = TopicVerifier.verify(client, given.fleet());
        result.misconfigurations()
                .forEach(each -> findings.add(new Finding("kafka", !each.fatal(), !each.fatal(), each.toString())));
        return "%s answers, it has %d of the fleet's topics; the first gateway or worker to start makes those that lack"
                .formatted(
                        client.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG),
                        result.topics().size());
    }

    private static void require(boolean good, String message, Object... values) {
        if (!good) {
            throw new IllegalStateException(String.format(Locale.ROOT, message, values));
        }
    }

    private void print() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (json.wanted) {
            SharedOptions.Json.print(findings, out);
        } else {
            findings.forEach(
                    finding -> out.printf("%-4s %-7s %s%n", finding.mark(), finding.subject(), finding.text()));
        }
        out.flush();
    }
}
