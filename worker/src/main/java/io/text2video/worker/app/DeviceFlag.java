package io.text2video.worker.app;

import io.text2video.worker.device.DeviceChoice;
import io.text2video.worker.device.DeviceRequest;
import io.text2video.worker.device.UnpackedNatives;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Where a model runs: the same flag for all that loads or describes one. */
public final class DeviceFlag {
    private static final String VARIABLE = "WORKER_DEVICE";

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            converter = Converter.class,
            description = "Where to compute: auto, cpu, cuda, cuda:N, or two GPUs for one video, as cuda:0,cuda:1"
                    + " (WORKER_DEVICE; auto, which is a GPU where one can be used).")
    DeviceRequest device;

    /**
     * The device that is asked for, by the flag or by its variable.
     *
     * @throws io.text2video.worker.device.NoSuchDeviceException when it is a GPU that cannot be used
     * @throws IllegalStateException when native libraries cannot be unpacked
     */
    public DeviceChoice choose() {
        UnpackedNatives.requireExecutable(Path.of(System.getProperty("user.home")));
        return DeviceChoice.of(request());
    }

    /** The same for what is only reckoned, for which GPUs that are asked for need not be there. */
    public DeviceChoice plan() {
        return DeviceChoice.planned(request());
    }

    /** By the flag alone. */
    Optional<DeviceRequest> given() {
        return Optional.ofNullable(device);
    }

    private DeviceRequest request() {
        return given().orElseGet(() -> Optional.ofNullable(System.getenv(VARIABLE))
                .filter(text -> !text.isEmpty())
                .map(DeviceRequest::of)
                .orElse(DeviceRequest.AUTO));
    }

    static final class Converter implements ITypeConverter<DeviceRequest> {
        @Override
        public DeviceRequest convert(String value) {
            return parse(value, DeviceRequest::of);
        }
    }

    /**
     * Reads a flag's value as its variable's is read.
     *
     * @throws TypeConversionException with the parser's words
     */
    static <T> T parse(String value, Function<String, T> parser) {
        try {
            return parser.apply(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
