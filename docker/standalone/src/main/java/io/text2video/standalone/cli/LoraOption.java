package io.text2video.standalone.cli;

import io.text2video.common.model.LoraScale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code ID} or {@code ID:SCALE}. */
final class LoraOption implements ITypeConverter<LoraScale> {
    @Override
    public LoraScale convert(String value) {
        int colon = value.lastIndexOf(':');
        if (colon < 0) {
            return new LoraScale(value, null);
        }
        try {
            return new LoraScale(value.substring(0, colon), Double.valueOf(value.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new TypeConversionException(
                    "'%s' has no number after the colon; write ID or ID:SCALE, such as ink:0.8".formatted(value));
        }
    }
}
