package io.text2video.worker.info;

import io.text2video.worker.config.ModelIndex;
import io.text2video.worker.config.TextEncoderConfig;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.info.ComponentInfo.StoredDtype;
import io.text2video.worker.model.AutoencoderKLCogVideoX;
import io.text2video.worker.model.T5EncoderModel;
import io.text2video.worker.quantization.Component;
import io.text2video.worker.weights.SafetensorsDtype;
import io.text2video.worker.weights.SafetensorsIndex;
import io.text2video.worker.weights.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tensors of one component, by their headers.
 *
 * @param name the component's folder
 */
record ComponentWeights(String name, String className, Path directory, SafetensorsIndex index) {
    private static final String SCALE_SUFFIX = "_scale";

    static ComponentWeights read(Path modelDirectory, ModelIndex model, String name) throws IOException {
        Path directory = modelDirectory.resolve(name);
        Component component = Component.ofLabel(name).orElseThrow();
        return new ComponentWeights(
                name, model.components().get(name).className(), directory, SafetensorsIndex.open(directory, component));
    }

    ComponentInfo describe() throws IOException {
        Map<SafetensorsDtype, StoredDtype> stored = new EnumMap<>(SafetensorsDtype.class);
        for (TensorInfo tensor : index.tensors().values()) {
            stored.merge(
                    tensor.dtype(),
                    new StoredDtype(tensor.dtype(), 1, tensor.byteLength()),
                    (a, b) -> new StoredDtype(a.dtype(), a.tensors() + 1, a.bytes() + b.bytes()));
        }
        long bytes = 0;
        for (Path file : index.files()) {
            bytes += Files.size(file);
        }
        return new ComponentInfo(
                name,
                className,
                weights().stream().mapToLong(TensorInfo::elements).sum(),
                stored.values().stream()
                        .sorted(Comparator.comparingLong(StoredDtype::bytes).reversed())
                        .toList(),
                index.files().size(),
                bytes,
                index.files().size() > 1);
    }

    /** The type of floats that takes the most bytes, where networks compute in it. */
    Optional<Precision> storedIn() {
        return index.publishedIn().flatMap(Precision::of);
    }

    /**
     * Bytes of the weights that a generation needs.
     *
     * @param half what is not quantized is kept in, where the precision quantizes
     * @param encodes whether the VAE encodes an image or a video, or only decodes
     */
    long bytes(Precision precision, Precision half, boolean encodes) {
        return weights().stream()
                .filter(tensor -> needed(tensor.name(), encodes))
                .mapToLong(tensor -> bytes(tensor, precision, half))
                .sum();
    }

    private List<TensorInfo> weights() {
        boolean tied = index.tensors().containsKey(T5EncoderModel.TABLE);
        return index.tensors().values().stream()
                .filter(tensor -> !(tied && tensor.name().equals(T5EncoderModel.TIED_TABLE)))
                .filter(tensor -> !isScale(tensor))
                .toList();
    }

    private boolean needed(String tensor, boolean encodes) {
        return encodes || isText() || isTransformer() || !AutoencoderKLCogVideoX.encodes(tensor);
    }

    private long bytes(TensorInfo tensor, Precision precision, Precision half) {
        if (stored(tensor) || precision.quantized() && quantizable(tensor)) {
            return tensor.elements() + Float.BYTES * tensor.shape()[0];
        }
        Precision kept = precision.quantized() ? half : precision;
        boolean wide = kept == Precision.FP32 || wideIn(tensor, kept);
        return tensor.elements() * (wide ? Float.BYTES : Short.BYTES);
    }

    /** Whether a weight is kept in fp32 although the rest is not. */
    private boolean wideIn(TensorInfo tensor, Precision kept) {
        return kept == Precision.FP16 && isText() && tensor.name().endsWith(T5EncoderModel.WIDE_IN_FP16);
    }

    /** Whether it is one of the weights that {@code --quantization int8} takes a byte each for. */
    private boolean quantizable(TensorInfo tensor) {
        return (isText() || isTransformer())
                && Component.ofLabel(name).orElseThrow().quantizesTensor(tensor.name(), tensor.shape());
    }

    /** Whether it is stored as codes of a byte, and so kept, whatever is computed in. */
    private boolean stored(TensorInfo tensor) {
        return tensor.dtype().bytes() == 1 && index.tensors().containsKey(tensor.name() + SCALE_SUFFIX);
    }

    private boolean isScale(TensorInfo tensor) {
        String name = tensor.name();
        return name.endsWith(SCALE_SUFFIX)
                && index.tensors().containsKey(name.substring(0, name.length() - SCALE_SUFFIX.length()));
    }

    private boolean isText() {
        return name.equals(TextEncoderConfig.FOLDER);
    }

    private boolean isTransformer() {
        return name.equals(TransformerConfig.FOLDER);
    }
}
