package io.text2video.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.context.Context;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.WebhookEvent;
import io.text2video.common.webhook.WebhookDelivery;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.jobs.JobProgress;
import io.text2video.gateway.jobs.Video;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import okhttp3.Dns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookGuardTest {
    private static final String PUBLIC = "93.184.216.34";

    private Canary canary;

    @BeforeEach
    void open() throws Exception {
        canary = new Canary();
    }

    @AfterEach
    void close() throws Exception {
        canary.close();
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0,                unspecified",
        "0.1.2.3,                unspecified",
        "10.0.0.1,               private",
        "10.255.255.255,         private",
        "100.64.0.1,             carrier-grade NAT",
        "100.100.100.200,        carrier-grade NAT",
        "100.127.255.255,        carrier-grade NAT",
        "127.0.0.1,              loopback",
        "127.1.2.3,              loopback",
        "127.255.255.254,        loopback",
        "168.63.129.16,          metadata",
        "169.254.169.254,        metadata",
        "169.254.170.2,          link-local",
        "172.16.0.1,             private",
        "172.31.255.255,         private",
        "192.0.0.192,            of a protocol",
        "192.0.2.1,              documentation",
        "192.88.99.1,            6to4",
        "192.168.0.1,            private",
        "198.18.0.1,             benchmarks",
        "198.19.255.255,         benchmarks",
        "198.51.100.1,           documentation",
        "203.0.113.1,            documentation",
        "224.0.0.1,              multicast",
        "239.255.255.250,        multicast",
        "240.0.0.1,              reserved",
        "255.255.255.255,        reserved",
        "[::],                   unspecified",
        "[::1],                  loopback",
        "[0:0:0:0:0:0:0:1],      loopback",
        "[::127.0.0.1],          IPv4-compatible",
        "[::a00:1],              IPv4-compatible",
        "[::ffff:0:127.0.0.1],   no public address",
        "[64:ff9b::7f00:1],      NAT64",
        "[64:ff9b::10.0.0.1],    NAT64",
        "[64:ff9b:1::a9fe:a9fe], NAT64",
        "[100::1],               no public address",
        "[2001:0:7f00:1::],      Teredo",
        "[2001:2::1],            of a protocol",
        "[2001:db8::1],          documentation",
        "[2002:7f00:1::],        6to4",
        "[2002:a9fe:a9fe::1],    6to4",
        "[3fff::1],              documentation",
        "[4000::1],              no public address",
        "[5f00::1],              no public address",
        "[fc00::1],              unique local",
        "[fd00:ec2::254],        unique local",
        "[fe80::1],              link-local",
        "[fec0::1],              site-local",
        "[ff02::1],              multicast",
        "[ff05::1:3],            multicast",
        "[::ffff:127.0.0.1],     unusual spelling",
        "[::ffff:7f00:1],        unusual spelling",
        "[::ffff:169.254.169.254], unusual spelling",
        "[0:0:0:0:0:ffff:a00:1], unusual spelling",
        "0,                      unusual spelling",
        "127.1,                  unusual spelling",
        "127.0.1,                unusual spelling",
        "127.0.0.01,             unusual spelling",
        "127.0.0.1.,             unusual spelling",
        "0177.0.0.1,             unusual spelling",
        "00127.0.0.1,            unusual spelling",
        "017700000001,           unusual spelling",
        "0x7f000001,             unusual spelling",
        "0x7F.0.0.1,             unusual spelling",
        "0x7f.1,                 unusual spelling",
        "0x0,                    unusual spelling",
        "2130706433,             unusual spelling",
        "2852039166,             unusual spelling",
        "0xa9fea9fe,             unusual spelling",
        "0251.0376.0251.0376,    unusual spelling",
        "169.254.43518,          unusual spelling",
        "134744072,              unusual spelling",
        "%31%32%37.0.0.1,        loopback",
        "１２７.0.0.1,           loopback",
        "127。0。0。1,           loopback",
        "[fe80::1%25lo],         no host that can be called",
    })
    void shouldNotCallAnAddressThatIsNotPublic(String host, String what) throws Exception {
        // Given
        String url = url(host);
        var guard = new WebhookGuard(TestConfig.allowing(), Dns.SYSTEM);

        // When it is asked for, and when it is to be called all the same
        assertThatThrownBy(() -> check(guard, url))
                .isInstanceOf(RefusedWebhookException.class)
                .hasMessageContaining(what);
        WebhookAnswer answer = call(guard, TestConfig.allowing(), url);

        // Then
        assertThat(answer.kind()).isEqualTo(WebhookAnswer.Kind.REFUSED);
        assertThat(answer.reason()).contains(what);
        assertThat(canary.connections()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "own.example,                127.0.0.1",
        "own.example,                ::1",
        "own.example,                ::",
        "own.example,                0.0.0.0",
        "a.localhost,                127.0.0.1",
        "localhost.localdomain,      127.0.0.1",
        "127.0.0.1.nip.example,      127.0.0.1",
        "metadata.google.internal,   169.254.169.254",
        "kubernetes.default.svc,     10.96.0.1",
        "host.docker.internal,       172.17.0.1",
        "router.example,             192.168.1.1",
        "nat64.example,              64:ff9b::7f00:1",
        "local.example,              fd00::1",
        "link.example,               fe80::1",
        "mapped.example,             ::ffff:127.0.0.1",
    })
    void shouldNotCallANameOfSuchAnAddress(String host, String address) throws Exception {
        // Given
        var guard = new WebhookGuard(TestConfig.allowing(), name -> List.of(InetAddress.getByName(address)));

        // When
        assertThatThrownBy(() -> check(guard, url(host)))
                .isInstanceOf(RefusedWebhookException.class)
                .hasMessageContainingAll(host, "WEBHOOK_DANGEROUS_ALLOWED_NETWORKS");
        WebhookAnswer answer = call(guard, TestConfig.allowing(), url(host));

        // Then
        assertThat(answer.kind()).isEqualTo(WebhookAnswer.Kind.FAILED);
        assertThat(answer.reason()).contains("is not called unless WEBHOOK_DANGEROUS_ALLOWED_NETWORKS allows it");
        assertThat(canary.connections()).isZero();
    }

    @Test
    void shouldNotCallLocalhost() throws Exception {
        var guard = new WebhookGuard(TestConfig.allowing(), Dns.SYSTEM);

        assertThatThrownBy(() -> check(guard, url("localhost")))
                .hasMessageContaining("localhost is a loopback address");
        assertThat(call(guard, TestConfig.allowing(), url("localhost")).reason())
                .contains("a loopback address");
        assertThat(canary.connections()).isZero();
    }

    @Test
    void shouldNotCallANameThatIsBoundAnewAfterItWasChecked() throws Throwable {
        // Given a name that is public when it is asked for, and loopback at each try
        var guard = new WebhookGuard(TestConfig.allowing(), answers(PUBLIC, "127.0.0.1", "::1"));
        check(guard, url("rebinding.example"));

        // When
        WebhookAnswer first = call(guard, TestConfig.allowing(), url("rebinding.example"));
        WebhookAnswer second = call(guard, TestConfig.allowing(), url("rebinding.example"));

        // Then
        assertThat(List.of(first, second))
                .allSatisfy(answer -> assertThat(answer.reason()).contains("a loopback address"));
        assertThat(canary.connections()).isZero();
    }

    @Test
    void shouldRefuseANameOfWhichOneAddressIsNotPublic() {
        var guard = new WebhookGuard(
                TestConfig.allowing(),
                name -> List.of(InetAddress.getByName(PUBLIC), InetAddress.getByName("10.0.0.1")));

        assertThatThrownBy(() -> check(guard, url("both.example"))).hasMessageContaining("a private address");
    }

    @Test
    void shouldNotFollowARedirectToAnotherAddress() throws Exception {
        TestConfig config = TestConfig.allowing("127.0.0.0/8");
        var guard = new WebhookGuard(config, Dns.SYSTEM);
        try (var receiver = Receiver.redirecting("http://127.0.0.1:%d/".formatted(canary.port()))) {
            WebhookAnswer answer = call(guard, config, receiver.url());

            assertThat(answer.reason()).isEqualTo("status 302");
            assertThat(canary.connections()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.0/8", "localhost, 127.0.0.0/8", "[fd00:1::5], fd00:1::/32"})
    void shouldLetAnAllowedNetworkPassAndNoOther(String host, String network) {
        var guard = new WebhookGuard(TestConfig.allowing("192.168.7.0/24", " " + network), Dns.SYSTEM);

        assertThatCode(() -> check(guard, url(host))).doesNotThrowAnyException();
        assertThatCode(() -> check(guard, url("192.168.7.9"))).doesNotThrowAnyException();
        assertThatThrownBy(() -> check(guard, url("192.168.8.9"))).isInstanceOf(RefusedWebhookException.class);
        assertThatThrownBy(() -> connect(guard, "192.168.8.9")).hasMessageContaining("a private address");
    }

    @Test
    void shouldReachTheCanaryWhereItIsAllowed() throws Exception {
        // Else the tests that count its connections would count nothing.
        TestConfig config = TestConfig.allowing("127.0.0.0/8");
        var guard = new WebhookGuard(config, Dns.SYSTEM);

        try (Socket socket = guard.sockets().createSocket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", canary.port()));

            assertThat(canary.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                PUBLIC,
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "[2606:4700::1111]",
                "[2a00:1450:4001:81b::200e]",
                "names.example",
                "unknown.example",
                "10.example",
                "0x7f.example"
            })
    void shouldLetPass(String host) throws Exception {
        var guard = new WebhookGuard(TestConfig.withHttpsAlone(), name -> {
            if (name.equals("unknown.example")) {
                throw new UnknownHostException(name);
            }
            return List.of(InetAddress.getByName(PUBLIC));
        });

        assertThatCode(() -> check(guard, "https://%s/hooks".formatted(host))).doesNotThrowAnyException();
    }

    @Test
    void shouldCallOverHttpsAlone() {
        var guard = new WebhookGuard(TestConfig.withHttpsAlone(), Dns.SYSTEM);

        assertThatThrownBy(() -> check(guard, "http://%s/hooks".formatted(PUBLIC)))
                .hasMessage("it is an http URL, and must be an https one unless the operator sets"
                        + " WEBHOOK_DANGEROUS_ALLOW_HTTP=true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0", "10.0.0.0/33", "10.0.0.0/x", "example.com/8", "/8", "fd00::/129"})
    void shouldRefuseAnAllowedNetworkThatIsNone(String network) {
        assertThatThrownBy(() -> new AddressPolicy(List.of(network)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "webhook.dangerous-allowed-networks must be networks such as 10.1.0.0/16 or fd00:1::/32, not \"%s\""
                                .formatted(network));
    }

    private static void connect(WebhookGuard guard, String address) throws Exception {
        try (Socket socket = guard.sockets().createSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName(address), 1));
        }
    }

    /** Each is the answer to one question. */
    private static Dns answers(String... addresses) {
        Queue<String> left = new ArrayDeque<>(List.of(addresses));
        return name -> List.of(InetAddress.getByName(left.remove()));
    }

    private String url(String host) {
        return "http://%s:%d/hooks".formatted(host, canary.port());
    }

    private static void check(WebhookGuard guard, String url) throws Throwable {
        try {
            guard.check(url).subscribeAsCompletionStage().join();
        } catch (CompletionException e) {
            throw e.getCause();
        }
    }

    private static WebhookAnswer call(WebhookGuard guard, TestConfig config, String url) {
        JobSnapshot job = Jobs.completed(Jobs.queued(JobId.next(), Jobs.TIME, url), 7);
        var delivery = WebhookDelivery.first(job);
        var body = new WebhookCall(WebhookEvent.COMPLETED, Jobs.TIME, Video.of(new Job(job, JobProgress.NONE)));
        var sender = new WebhookSender(new WebhookSigner(config), guard, new HostLimit(), config);
        try {
            return sender.send(delivery, body, () -> true, Context.root())
                    .subscribeAsCompletionStage()
                    .join();
        } finally {
            sender.close();
        }
    }
}
