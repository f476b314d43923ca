package io.text2video.process;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A TCP port, or 0 for any free one. */
public final class PortConverter implements ITypeConverter<Integer> {
    private static final int LAST = 65_535;

    @Override
    public Integer convert(String text) {
        if (text.matches("\\d{1,5}") && Integer.parseInt(text) <= LAST) {
            return Integer.valueOf(text);
        }
        throw new TypeConversionException("'%s' is no port: there are 0 (any free one) to %d".formatted(text, LAST));
    }
}
