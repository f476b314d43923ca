package io.text2video.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InputImageTest {
    @ParameterizedTest
    @MethodSource("io.text2video.image.PillowImages#names")
    void shouldSeeWhatPillowSees(String name) throws InvalidImageException {
        // Given
        DecodedImage expected = PillowImages.expected().get(name);

        // When
        DecodedImage image = InputImage.decode(PillowImages.file(name));

        // Then
        assertThat(image.height()).isEqualTo(expected.height());
        assertThat(image.width()).isEqualTo(expected.width());
        assertThat(PillowImages.largestDifference(image.rgb(), expected.rgb()))
                .as("largest difference of %s", name)
                .isZero();
    }

    @Test
    void shouldNameFormatAndStoredSizeOfEach() throws InvalidImageException {
        // When, Then
        assertThat(InputImage.inspect(PillowImages.file("palette-4.png")))
                .isEqualTo(new ImageHeader(ImageFormat.PNG, 30, 21));
        assertThat(InputImage.inspect(PillowImages.file("orientation-6.jpg")))
                .isEqualTo(new ImageHeader(ImageFormat.JPEG, 19, 11));
        assertThat(InputImage.inspect(PillowImages.file("lossy-alpha.webp")))
                .isEqualTo(new ImageHeader(ImageFormat.WEBP, 30, 21));
    }

    @Test
    void shouldDecodeOnSeveralThreadsAtOnce() {
        // Given
        List<String> names = PillowImages.names().stream()
                .filter(name -> !name.startsWith("lossy"))
                .toList();
        var expected = PillowImages.expected();

        // When
        List<String> different = IntStream.range(0, 400)
                .parallel()
                .mapToObj(i -> names.get(i % names.size()))
                .filter(name -> {
                    try {
                        byte[] rgb = InputImage.decode(PillowImages.file(name)).rgb();
                        return PillowImages.largestDifference(
                                        rgb, expected.get(name).rgb())
                                != 0;
                    } catch (InvalidImageException failure) {
                        return true;
                    }
                })
                .toList();

        // Then
        assertThat(different).isEmpty();
    }
}
