package io.text2video.embedded;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** S3Proxy in this process, on loopback: an S3 store over a directory, for one machine. */
public final class EmbeddedS3 implements AutoCloseable {
    private final S3Proxy proxy;
    private final S3Location config;

    /**
     * @param data buckets are folders in here
     * @param port to listen on; 0 for any free one
     */
    public EmbeddedS3(Path data, int port, String accessKey, String secretKey) throws IOException {
        // Over a relative directory, S3Proxy lists nothing.
        Path root = Files.createDirectories(data.toAbsolutePath().normalize());
        proxy = S3Proxy.builder()
                .blobStore(new FilesystemNio2BlobStore(root.toString()))
                .endpoint(URI.create("http://127.0.0.1:" + port))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, accessKey, secretKey)
                .build();
        try {
            proxy.start();
        } catch (Exception e) {
            throw new IOException("the embedded object store did not start on port " + port, e);
        }
        config = new S3Location("http://127.0.0.1:" + proxy.getPort(), accessKey, secretKey);
    }

    /** How to reach it. */
    public S3Location config() {
        return config;
    }

    @Override
    public void close() {
        try {
            proxy.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the embedded object store did not stop", e);
        }
    }
}
