package io.text2video.standalone.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a timing belongs to.
 *
 * @param cpu its model, with family and model number, as virtual machines shorten names
 * @param cores that this process may use
 * @param memoryBytes of the machine, or of the container where it has a limit
 * @param instructions those of the CPU that matrix products gain from
 * @param os the kernel and its version
 * @param java its version
 */
public record BenchMachine(String cpu, int cores, long memoryBytes, List<String> instructions, String os, String java) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final List<String> OF_INTEREST =
            List.of("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "avx512_fp16", "amx_bf16", "amx_int8", "avx_vnni");

    /** This machine. */
    public static BenchMachine here() throws IOException {
        Map<String, String> facts = firstProcessor(Files.readAllLines(CPU_INFO));
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        List<String> flags = List.of(facts.getOrDefault("flags", "").split(" "));
        return new BenchMachine(
                "%s (family %s, model %s)"
                        .formatted(
                                facts.getOrDefault("model name", System.getProperty("os.arch")),
                                facts.getOrDefault("cpu family", "?"),
                                facts.getOrDefault("model", "?")),
                Runtime.getRuntime().availableProcessors(),
                system.getTotalMemorySize(),
                OF_INTEREST.stream().filter(flags::contains).toList(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                Runtime.version().toString());
    }

    private static Map<String, String> firstProcessor(List<String> cpuInfo) {
        Map<String, String> facts = new HashMap<>();
        Stream<String> first = cpuInfo.stream().takeWhile(line -> !line.isBlank());
        first.map(line -> line.split(":", 2))
                .filter(parts -> parts.length == 2)
                .forEach(parts -> facts.put(parts[0].strip(), parts[1].strip()));
        return facts;
    }
}
