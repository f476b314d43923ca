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

    /** What oneDNN 3.7 computes in bf16 with: it needs no instructions for bf16 where it has all of AVX-512's core. */
    private static final List<Set<String>> BF16 = List.of(
            Set.of("avx512f", "avx512bw", "avx512dq", "avx512vl"),
            Set.of("avx_ne_convert", "avx_vnni_int8", "avx_vnni", "avx2"),
            Set.of("bf16"));

    /** The same for fp16. Of AArch64 torch does not let it. */
    private static final List<Set<String>> FP16 = List.of(
            Set.of("avx512_fp16", "avx512_bf16", "avx512f", "avx512bw", "avx512dq", "avx512vl"),
            Set.of("avx_ne_convert", "avx_vnni_int8", "avx_vnni", "avx2"));

    /** Instructions that multiply and add; conversions alone do not count. */
    private static final Set<String> OF_BF16 = Set.of("avx512_bf16", "amx_bf16", "bf16");

    private static final Set<String> OF_FP16 = Set.of("avx512_fp16", "amx_fp16");

    /** smep guards the kernel's memory; sme computes. */
    private static final Pattern VECTORS =
            Pattern.compile("(sse|ssse|avx|amx|fma|f16c|asimd|sve|sme(?!p)|bf16|i8mm|fphp|fcma).*");

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

    /**
     * Whether products of a dtype are computed in it here. Those of another are first widened to fp32. As torch asks
     * oneDNN.
     */
    public boolean multiplies(DType dtype) {
        return switch (dtype) {
            case BF16 -> BF16.stream().anyMatch(flags::containsAll);
            case F16 -> FP16.stream().anyMatch(flags::containsAll);
            case F32, F64 -> true;
            case U8, I8, I64, F8_E5M2, F8_E4M3 -> false;
        };
    }

    /** Whether it has instructions for products of a dtype, without which they are no faster than those of fp32. */
    public boolean isFastIn(DType dtype) {
        return multiplies(dtype)
                && switch (dtype) {
                    case BF16 -> flags.stream().anyMatch(OF_BF16::contains);
                    case F16 -> flags.stream().anyMatch(OF_FP16::contains);
                    default -> true;
                };
    }
}
