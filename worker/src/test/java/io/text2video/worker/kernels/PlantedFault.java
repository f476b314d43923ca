package io.text2video.worker.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A change of one kernel that leaves a tensor on the wrong device. */
record PlantedFault(String kernel, String right, String wrong) {
    private static final String CPU = "torch.device(\"cpu\")";
    private static final String OF_X = "ops.prim.device(x)";

    static final List<PlantedFault> ALL = List.of(
            new PlantedFault("t5_position_bias", "self.placed(bucket)", "bucket"),
            new PlantedFault("timestep_sinusoid", "self.placed(y)", "y"),
            new PlantedFault("sincos_positions", "return self.placed(", "return ("),
            new PlantedFault("rotary_positions", "return self.placed(", "return ("),
            new PlantedFault("randn", "return self.placed(", "return ("),
            new PlantedFault("placed", "torch.device(self.device)", "torch.device(\"cuda:1\")"),
            new PlantedFault("to_bytes", CPU, "torch.device(self.device)"),
            new PlantedFault("blend", "ops.prim.device(tile)", CPU),
            new PlantedFault("quantize", "dtype=dtype, device=ops.prim.device(w)", "dtype=dtype, device=" + CPU),
            new PlantedFault("quantize", "dtype=self.F32, device=ops.prim.device(w)", "dtype=self.F32, device=" + CPU),
            new PlantedFault("round_rows", "dtype=self.I8, device=" + OF_X, "dtype=self.I8, device=" + CPU),
            new PlantedFault("round_rows", "dtype=self.F32, device=" + OF_X, "dtype=self.F32, device=" + CPU),
            new PlantedFault("rescale", "ops.prim.device(sums)", CPU),
            new PlantedFault("fp8_product", OF_X, CPU),
            new PlantedFault("features", OF_X, CPU),
            new PlantedFault("squares", "zeros_like(centre)", "zeros_like(centre, device=" + CPU + ")"),
            new PlantedFault("relative_change", OF_X, CPU),
            new PlantedFault("gated_residual", "empty_like(x)", "empty_like(x, device=" + CPU + ")"),
            new PlantedFault("to_unit_range", "torch.to(x, self.F32)", "torch.to(x, " + CPU + ")"),
            new PlantedFault("rms_norm", "torch.mul(weight,", "torch.mul(torch.ones([64], device=" + CPU + "),"),
            new PlantedFault(
                    "guide", "torch.slice(p, 0, 1)", "torch.to(torch.slice(p, 0, 1), torch.device(\"cuda:1\"))"),
            new PlantedFault("mix", "torch.mul(output, from_output)", "torch.ones([10], device=" + CPU + ")"));

    /** The source with the fault. */
    String in(String source) {
        int start = source.indexOf("\n  def " + kernel + "(");
        int end = source.indexOf("\n  def ", start + 1);
        String function = source.substring(start, end < 0 ? source.length() : end);
        assertThat(function.split(java.util.regex.Pattern.quote(right), -1))
                .as("%s has \"%s\" once", kernel, right)
                .hasSize(2);
        return source.replace(function, function.replace(right, wrong));
    }

    /** The call's name, where it fails for its devices or leaves a result on another one. */
    Optional<String> foundBy(Kernels kernels, KernelCall call, DType dtype) {
        try {
            Set<String> devices = KernelResult.of(kernels, call, dtype).devices();
            return devices.equals(KernelResult.devicesOn(kernels.device(), call))
                    ? Optional.empty()
                    : Optional.of(call.name());
        } catch (KernelException e) {
            assertThat(e.getMessage()).containsPattern("on the same device|on different device");
            return Optional.of(call.name());
        }
    }

    @Override
    public String toString() {
        return kernel + ": " + wrong;
    }
}
