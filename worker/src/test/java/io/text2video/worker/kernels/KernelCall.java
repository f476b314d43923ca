package io.text2video.worker.kernels;

import static io.text2video.worker.kernels.KernelInputs.HEAD;
import static io.text2video.worker.kernels.KernelInputs.HEADS;
import static io.text2video.worker.kernels.KernelInputs.TEXT;
import static io.text2video.worker.kernels.KernelInputs.TIME;
import static io.text2video.worker.kernels.KernelInputs.VIDEO;
import static io.text2video.worker.kernels.KernelInputs.WIDTH;

import java.util.List;
import java.util.function.Function;

/** A kernel with arguments for it. Together they reach every function of the kernels' source. */
record KernelCall(String name, Function<KernelInputs, Object[]> arguments) {
    private static final double EPS = 1e-5;
    private static final List<Tensor> NONE = List.of();

    static final List<KernelCall> ALL = List.of(
            // tensors
            of("placed", in -> args(in.hidden())),
            of("cast", in -> args(in.hidden(), DType.F16)),
            of("reshape", in -> args(in.hidden(), new long[] {2, -1})),
            of("scaled", in -> args(in.hidden(), DType.F32, 0.5)),
            of("all_finite", in -> args(in.hidden())),
            of("dtype_of", in -> args(in.hidden())),
            of("to_bytes", in -> args(in.hidden())),
            of("concat", in -> args(List.of(in.hidden(), in.hidden()), 0)),
            of("add", in -> args(in.hidden(), in.hidden())),
            of("copy", in -> args(in.hidden())),
            of("narrow", in -> args(in.hidden(), 1, 2, 5)),
            // linear
            of("quantize to i8", in -> args(in.matrix(32, 48), DType.I8, 127.0)),
            of("quantize to f8", in -> args(in.normal(8, 4, 3, 3), DType.F8_E4M3, 448.0)),
            of("linear", in -> args(in.hidden(), in.linear(32, WIDTH))),
            of("linear with lora", in -> args(in.hidden(), in.withLora(in.linear(32, WIDTH), 32, WIDTH))),
            of("linear of i8 alone", in -> args(in.hidden(), in.coded(DType.I8, 32, WIDTH))),
            of("linear of f8", in -> args(in.hidden(), in.coded(DType.F8_E4M3, 32, WIDTH))),
            of("linear of i8", in -> args(in.hidden(), in.rounded(32, WIDTH))),
            of("linear of few i8", in -> args(in.normal(1, 3, WIDTH), in.rounded(32, WIDTH))),
            of("linear of i8 with lora", in -> args(in.hidden(), in.withLora(in.rounded(32, WIDTH), 32, WIDTH))),
            of("linear_band", in -> args(in.hidden(), in.hidden(), in.linear(WIDTH, WIDTH), 1, 5, 12)),
            of("gelu_linear", in -> args(in.hidden(), in.linear(32, WIDTH))),
            of("gelu_linear of i8", in -> args(in.hidden(), in.rounded(32, WIDTH))),
            of("gelu_linear with lora", in -> args(in.hidden(), in.withLora(in.linear(32, WIDTH), 32, WIDTH))),
            // text
            of("t5_embed", in -> args(ids(in), in.normal(20, WIDTH), in.dtype())),
            of("t5_position_bias", in -> args(in.normal(32, HEADS), 10, 128)),
            of("t5_attention", in -> {
                Tensor bias = in.normal(1, HEADS, TEXT + VIDEO, TEXT + VIDEO);
                return args(in.hidden(), in.normal(WIDTH), square(in), square(in), square(in), square(in), bias, EPS);
            }),
            of("t5_feed_forward", in -> {
                List<Tensor> gate = List.of(in.matrix(96, WIDTH));
                List<Tensor> up = List.of(in.matrix(96, WIDTH));
                return args(in.hidden(), in.normal(WIDTH), gate, up, List.of(in.matrix(WIDTH, 96)), EPS);
            }),
            // transformer
            of("timestep_sinusoid", in -> args(7.0, 32, true, 0.0)),
            of("time_embedding", in -> args(in.normal(1, 32), in.linear(TIME, 32), in.linear(TIME, TIME))),
            of("sincos_positions", in -> args(2, 3, 4, WIDTH, 1.0, 1.0)),
            of("rotary_positions", in -> args(places(2), places(3), places(4), HEAD)),
            of("patch_embed", in -> {
                Tensor latents = in.normal(2, 1, 4, 8, 12);
                List<Tensor> positions = List.of(in.normal(1, TEXT + VIDEO, WIDTH));
                List<Tensor> patches = in.frameConv(WIDTH, 4).subList(1, 2);
                List<Tensor> proj = List.of(in.normal(WIDTH, 4, 2, 2), patches.get(0));
                return args(latents, in.normal(2, TEXT, 32), positions, proj, in.linear(WIDTH, 32), 2, 1);
            }),
            of(
                    "ada_layer_norm_zero",
                    in -> args(in.hidden(), in.normal(1, TIME), TEXT, in.linear(6 * WIDTH, TIME), in.norm(WIDTH), EPS)),
            of("joint_attention with rotary", in -> jointAttention(in, in.rotary())),
            of("joint_attention", in -> jointAttention(in, NONE)),
            of("feed_forward", in -> args(in.hidden(), in.linear(4 * WIDTH, WIDTH), in.linear(WIDTH, 4 * WIDTH))),
            of("attention_band", in -> {
                Tensor q = in.normal(2, TEXT + VIDEO, HEADS, HEAD);
                Tensor k = in.normal(2, TEXT + VIDEO, HEADS, HEAD);
                return args(in.hidden(), q, k, in.normal(2, TEXT + VIDEO, HEADS, HEAD), 1, 1, 2, 5, 12);
            }),
            of(
                    "feed_forward_band",
                    in -> args(in.hidden(), in.linear(4 * WIDTH, WIDTH), in.linear(WIDTH, 4 * WIDTH), 5, 12)),
            of(
                    "gated_residual",
                    in -> args(in.hidden(), in.hidden(), TEXT, in.normal(1, 1, WIDTH), in.normal(1, 1, WIDTH))),
            of("relative_change", in -> args(in.hidden(), in.hidden())),
            of("residual", in -> args(in.hidden(), in.hidden())),
            of("output_projection", in -> {
                List<Tensor> shift = in.linear(2 * WIDTH, TIME);
                List<Tensor> proj = in.linear(16, WIDTH);
                return args(in.hidden(), in.normal(1, TIME), TEXT, in.norm(WIDTH), shift, in.norm(WIDTH), proj, EPS);
            }),
            of("unpatchify", in -> args(in.normal(2, VIDEO, 16), 1, 4, 6, 2, 1)),
            // vae
            of("weight_layout", in -> args(in.conv(16, 16, 3, 3).get(0))),
            of("weight_layout of frames", in -> args(in.frameConv(16, 16).get(0))),
            of(
                    "convolution",
                    in -> args(in.features(4), in.conv(8, 16, 3, 3), new long[] {0, 1, 1}, new long[] {1, 1, 1})),
            of("causal_conv", in -> args(in.features(4), in.conv(8, 16, 3, 3), NONE)),
            of("causal_conv with tail", in -> args(in.features(4), in.conv(8, 16, 3, 3), List.of(in.features(2)))),
            of("convolution_room", in -> args(in.features(4), in.conv(8, 16, 3, 3))),
            of("convolution_band", in -> args(in.features(2), in.features(4), in.conv(16, 16, 3, 3), 0, 1, 2, 5)),
            of(
                    "convolution_band of frames",
                    in -> args(in.features(4), in.features(4), in.frameConv(16, 16), 1, 3, 0, 5)),
            of("spatial_norm_conv", in -> spatialNorm(in, 4)),
            of("spatial_norm_conv of odd frames", in -> spatialNorm(in, 5)),
            of(
                    "group_norm_conv",
                    in -> args(
                            in.features(4), 4, in.norm(16), EPS, in.conv(16, 16, 3, 3), NONE, List.of(in.features(4)))),
            of("upsample", in -> args(in.features(4), in.frameConv(16, 16), true)),
            of("upsample of odd frames", in -> args(in.features(5), in.frameConv(16, 16), true)),
            of("downsample", in -> args(in.features(5), in.frameConv(16, 16), true)),
            of("sample_latents", in -> args(in.normal(1, 8, 2, 4, 5), in.normal(1, 4, 2, 4, 5))),
            of("blend", in -> args(in.features(4), in.features(4), 3, 3)),
            // sampling
            of("randn", in -> args(Generator.seeded(in.scope(), 5), new long[] {2, 3}, in.dtype())),
            of("guide", in -> args(in.normal(2, 1, 4, 8, 12), 6.0)),
            of("mix", in -> args(in.features(4), in.features(4), 0.3, 0.7)),
            of("add_noise", in -> args(in.features(4), in.features(4), 0.3)),
            of("next_latents", in -> args(in.features(4), in.features(4), 0.3, 0.7, List.of(in.features(4)), 0.1)),
            of("latents_from_vae", in -> args(in.normal(1, 4, 2, 4, 5), 0.7, 3)),
            of("latents_to_vae", in -> args(in.normal(1, 2, 4, 4, 5), 0.7)),
            of("to_unit_range", in -> args(in.normal(1, 3, 2, 4, 5))),
            of("brightest_byte", in -> args(in.normal(1, 3, 2, 4, 5))),
            of("to_rgb8", in -> args(in.normal(DType.F32, 1, 2, 3, 4, 5))));

    /** The function's name is the first word. */
    String kernel() {
        return name.split(" ")[0];
    }

    private static KernelCall of(String name, Function<KernelInputs, Object[]> arguments) {
        return new KernelCall(name, arguments);
    }

    private static Object[] args(Object... arguments) {
        return arguments;
    }

    private static Tensor ids(KernelInputs in) {
        return TensorKernels.ofLongs(in.scope(), new long[] {1, 2, 3}, 1, 3);
    }

    private static double[] places(int count) {
        return java.util.stream.IntStream.range(0, count).asDoubleStream().toArray();
    }

    private static List<Tensor> square(KernelInputs in) {
        return List.of(in.matrix(WIDTH, WIDTH));
    }

    private static Object[] jointAttention(KernelInputs in, List<Tensor> rotary) {
        List<Tensor> q = in.linear(WIDTH, WIDTH);
        List<Tensor> k = in.linear(WIDTH, WIDTH);
        List<Tensor> v = in.linear(WIDTH, WIDTH);
        List<Tensor> out = in.linear(WIDTH, WIDTH);
        return args(in.hidden(), q, k, v, out, in.norm(HEAD), in.norm(HEAD), HEADS, EPS, TEXT, rotary);
    }

    /** Latents [1, 4, 2 or 3, 4, 5] beside features of twice the size. */
    private static Object[] spatialNorm(KernelInputs in, int frames) {
        Tensor latents = in.normal(1, 4, (frames + 1) / 2, 4, 5);
        List<Tensor> scale = in.conv(16, 4, 1, 1);
        List<Tensor> shift = in.conv(16, 4, 1, 1);
        List<Tensor> residual = List.of(in.features(frames));
        return args(
                in.features(frames), latents, 4, in.norm(16), scale, shift, EPS, in.conv(16, 16, 3, 3), NONE, residual);
    }

    @Override
    public String toString() {
        return name;
    }
}
