package io.text2video.worker.kernels;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What this machine's CPU has instructions for, as Linux tells it.
 *
 * @param flags of the first processor, in the kernel's spelling; empty where the system does not tell
 */
public record CpuFeatures(Set<String> flags) {
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");

    /** Instructions that multiply and add, of x86-64 and of AArch64; conversions alone do not count. */
    private static final Set<String> BF16 = Set.of("avx512_bf16", "amx_bf16", "bf16");

    private static final Set<String> FP16 = Set.of("avx512_fp16", "amx_fp16", "asimdhp");

    private static final Pattern VECTORS =
            Pattern.compile("(sse|ssse|avx|amx|fma|f16c|asimd|sve|sme|bf16|i8mm|fphp|fcma).*");

    public CpuFeatures {
        flags = Set.copyOf(flags);
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
        for (String line : cpuinfo) {
            String[] parts = line.split(":", 2);
            String key = parts[0].strip();
            if (parts.length == 2 && (key.equals("flags") || key.equals("Features"))) {
                return new CpuFeatures(Set.of(parts[1].strip().split("\\s+")));
            }
        }
        return new CpuFeatures(Set.of());
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
