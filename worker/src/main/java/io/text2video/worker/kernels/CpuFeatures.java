package io.text2video.worker.kernels;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What this machine's CPU has instructions for, as Linux tells it.
 *
 * @param model of the first processor; empty where the system does not tell
 * @param flags of the first processor, in the kernel's spelling; empty where the system does not tell
 */
public record CpuFeatures(String model, Set<String> flags) {
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");

    /** Instructions that multiply and add, of x86-64 and of AArch64; conversions alone do not count. */
    private static final Set<String> BF16 = Set.of("avx512_bf16", "amx_bf16", "bf16");

    private static final Set<String> FP16 = Set.of("avx512_fp16", "amx_fp16", "asimdhp");

    private static final Pattern VECTORS =
            Pattern.compile("(sse|ssse|avx|amx|fma|f16c|asimd|sve|sme|bf16|i8mm|fphp|fcma).*");

    public CpuFeatures {
        flags = Set.copyOf(flags);
    }

    /** Of a model that has no name. */
    public CpuFeatures(Set<String> flags) {
        this("", flags);
    }

    /** Of the machine that this runs on. */
    public static CpuFeatures ofThisMachine() {
        try {
            return parse(Files.readAllLines(CPUINFO, StandardCharsets.UTF_8));
        } catch (IOException e) {
            return new CpuFeatures(Set.of());
        }
    }

    /** Reads the lines of a {@code /proc/cpuinfo}. */
    static CpuFeatures parse(List<String> cpuinfo) {
        Map<String, String> facts = new HashMap<>();
        for (String line : cpuinfo) {
            String[] parts = line.split(":", 2);
            if (parts.length == 2) {
                facts.putIfAbsent(parts[0].strip(), parts[1].strip());
            }
        }
        String flags = facts.getOrDefault("flags", facts.getOrDefault("Features", ""));
        return new CpuFeatures(
                // Virtual machines shorten names; the numbers tell their CPUs apart.
                "%s (family %s, model %s)"
                        .formatted(
                                facts.getOrDefault("model name", System.getProperty("os.arch")),
                                facts.getOrDefault("cpu family", "?"),
                                facts.getOrDefault("model", facts.getOrDefault("CPU part", "?"))),
                flags.isEmpty() ? Set.of() : Set.of(flags.split("\\s+")));
    }

    /** The instructions that libraries choose their loops by, sorted. */
    public SortedSet<String> vectors() {
        return flags.stream()
                .filter(flag -> VECTORS.matcher(flag).matches())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether it multiplies a dtype itself. What it does not, it first has to widen to fp32. */
    public boolean multiplies(DType dtype) {
        return switch (dtype) {
            case BF16 -> flags.stream().anyMatch(BF16::contains);
            case F16 -> flags.stream().anyMatch(FP16::contains);
            case F32, F64 -> true;
            case U8, I8, I64, F8_E5M2, F8_E4M3 -> false;
        };
    }
}
