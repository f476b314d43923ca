package io.text2video.gateway.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

/**
 * A gateway with access on, and an OpenID Connect provider for it: it publishes its keys, and signs any claims at {@code
 * /sign}, or with another key at {@code /forge}.
 */
public final class OidcProvider implements QuarkusTestResourceLifecycleManager {
    private HttpServer server;
    private String issuer;
    private KeyPair key;
    private KeyPair foreignKey;

    /** Of a token for this fleet, issued now; as JSON. */
    public static String claims(String issuer, String others) {
        return "{\"iss\":\"%s\",\"sub\":\"somebody\",\"aud\":\"text2video\",\"iat\":%d,%s}"
                .formatted(issuer, Instant.now().getEpochSecond(), others);
    }

    @Override
    public Map<String, String> start() {
        try {
            key = keyPair();
            foreignKey = keyPair();
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        issuer = "http://127.0.0.1:" + server.getAddress().getPort();
        server.createContext("/.well-known/openid-configuration", exchange -> answer(exchange, configuration()));
        server.createContext("/jwks", exchange -> answer(exchange, keys()));
        server.createContext("/sign", exchange -> answer(exchange, token(key, exchange)));
        server.createContext("/forge", exchange -> answer(exchange, token(foreignKey, exchange)));
        server.start();
        return Map.of(
                "gateway.access", "on",
                "quarkus.oidc.tenant-enabled", "true",
                "quarkus.oidc.auth-server-url", issuer,
                "quarkus.oidc.token.audience", "text2video");
    }

    /** Its setting of access is the one that counts. */
    @Override
    public int order() {
        return 1;
    }

    @Override
    public void stop() {
        server.stop(0);
    }

    private String configuration() {
        return """
                {"issuer":"%1$s","jwks_uri":"%1$s/jwks","authorization_endpoint":"%1$s/none","token_endpoint":"%1$s/none"}"""
                .formatted(issuer);
    }

    private String keys() {
        var known = (RSAPublicKey) key.getPublic();
        return """
                {"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"test","n":"%s","e":"%s"}]}"""
                .formatted(number(known.getModulus()), number(known.getPublicExponent()));
    }

    private static String token(KeyPair signing, HttpExchange claims) throws IOException {
        String signed = base64("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"test\"}".getBytes(UTF_8)) + "."
                + base64(claims.getRequestBody().readAllBytes());
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(signing.getPrivate());
            signature.update(signed.getBytes(UTF_8));
            return signed + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair keyPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    private static String number(BigInteger number) {
        byte[] bytes = number.toByteArray();
        int sign = bytes[0] == 0 ? 1 : 0;
        return base64(Arrays.copyOfRange(bytes, sign, bytes.length));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
