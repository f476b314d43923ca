package io.text2video.embedded;

import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** An S3 server that takes writes in its own way, as not all stores are the same. */
final class CarelessS3 implements AutoCloseable {
    private final S3Proxy server;

    /** @param taken what it makes of a write */
    CarelessS3(Path data, UnaryOperator<PutObjectRequest> taken) throws Exception {
        server = S3Proxy.builder()
                .blobStore(new Blobs(
                        new FilesystemNio2BlobStore(
                                Files.createDirectories(data).toString()),
                        taken))
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, "key", "secret-key")
                .build();
        server.start();
    }

    S3Location config() {
        return new S3Location("http://127.0.0.1:" + server.getPort(), "key", "secret-key");
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }

    private static final class Blobs extends ForwardingBlobStore {
        private final UnaryOperator<PutObjectRequest> taken;

        Blobs(BlobStore blobs, UnaryOperator<PutObjectRequest> taken) {
            super(blobs);
            this.taken = taken;
        }

        @Override
        public PutObjectResponse putBlob(PutObjectRequest request, InputStream bytes) {
            return super.putBlob(taken.apply(request), bytes);
        }
    }
}
