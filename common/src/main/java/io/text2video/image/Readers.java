package io.text2video.image;

import com.luciad.imageio.webp.WebPImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.spi.ServiceRegistry;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Opens readers without ImageIO's scan for plugins, which finds none behind an application server's class loader, and
 * without changing ImageIO's own registry. WebP is read by libwebp itself, as Pillow does; its library is unpacked at the
 * first such image.
 */
final class Readers {
    private static final ImageReaderSpi PNG = fromJdk("com.sun.imageio.plugins.png.PNGImageReaderSpi");
    private static final ImageReaderSpi WEBP = new WebPImageReaderSpi();
    private static final ImageReaderSpi JPEG = jpeg();

    private Readers() {}

    /** The caller disposes of it. */
    static ImageReader open(ImageFormat format, byte[] file) throws IOException {
        ImageReaderSpi provider =
                switch (format) {
                    case PNG -> PNG;
                    case JPEG -> JPEG;
                    case WEBP -> WEBP;
                };
        ImageReader reader = provider.createReaderInstance();
        ImageInputStream input = new MemoryCacheImageInputStream(new ByteArrayInputStream(file));
        reader.setInput(input, false, true);
        return reader;
    }

    /** Reads JPEG with the JDK's libjpeg, behind a filter for headers that the JDK's own reader stumbles over. */
    private static ImageReaderSpi jpeg() {
        List<Class<?>> kinds = List.of(ImageReaderSpi.class);
        ServiceRegistry registry = new ServiceRegistry(kinds.iterator());
        registry.registerServiceProvider(
                fromJdk("com.sun.imageio.plugins.jpeg.JPEGImageReaderSpi"), ImageReaderSpi.class);
        JPEGImageReaderSpi provider = new JPEGImageReaderSpi();
        registry.registerServiceProvider(provider, ImageReaderSpi.class); // finds the JDK's here
        return provider;
    }

    private static ImageReaderSpi fromJdk(String className) {
        Iterator<ImageReaderSpi> providers =
                IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, false);
        while (providers.hasNext()) {
            ImageReaderSpi provider = providers.next();
            if (provider.getClass().getName().equals(className)) {
                return provider;
            }
        }
        throw new IllegalStateException("this Java runtime has no " + className + " in its module java.desktop");
    }
}
