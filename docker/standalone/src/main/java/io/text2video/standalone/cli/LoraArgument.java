package io.text2video.standalone.cli;

import io.text2video.common.model.LoraScale;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code LORA[:SCALE]}, where LORA is a safetensors file or the name of one that the fleet has.
 *
 * @param file null where it is a name
 */
record LoraArgument(LoraScale lora, Path file) {
    private static final String SUFFIX = ".safetensors";
    private static final Pattern FORM = Pattern.compile("(?<lora>.+?)(:(?<scale>[-+]?[0-9.]+([eE][-+]?\\d+)?))?");

    Optional<Path> path() {
        return Optional.ofNullable(file);
    }

    static final class Converter implements ITypeConverter<LoraArgument> {
        @Override
        public LoraArgument convert(String text) {
            Matcher form = FORM.matcher(text);
            if (!form.matches()) {
                throw new TypeConversionException("'" + text + "' is not LORA[:SCALE]");
            }
            String named = form.group("lora");
            Path file = named.endsWith(SUFFIX) ? Path.of(named) : null;
            String id = file == null
                    ? named
                    : file.getFileName()
                            .toString()
                            .substring(0, file.getFileName().toString().length() - SUFFIX.length());
            return new LoraArgument(new LoraScale(id, scale(form.group("scale"), text)), file);
        }

        private static Double scale(String number, String text) {
            try {
                return number == null ? null : Double.valueOf(number);
            } catch (NumberFormatException e) {
                throw new TypeConversionException("'" + number + "' in '" + text + "' is not a number");
            }
        }
    }
}
