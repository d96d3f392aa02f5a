package io.statehouse.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.statehouse.cluster.fault.TcpProxy.Weather;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {
    private static final int PATIENCE_MILLIS = 5_000;
    private static final int SILENCE_MILLIS = 300;

    private ServerSocket echo;
    private TcpProxy proxy;

    @BeforeEach
    void start() throws IOException {
        echo = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
        proxy = TcpProxy.to((InetSocketAddress) echo.getLocalSocketAddress(), new SplittableRandom(1));
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void inFairWeatherBytesPassBothWays() throws IOException {
        try (Socket caller = connect()) {
            assertThat(roundTrip(caller, 7)).isEqualTo(7);
        }
    }

    @Test
    void delayedBytesComeLaterAndWhole() throws IOException {
        proxy.setWeather(Weather.delayed(Duration.ofMillis(50), Duration.ofMillis(20)));
        try (Socket caller = connect()) {
            long start = System.nanoTime();

            assertThat(roundTrip(caller, 7)).isEqualTo(7);

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
        }
    }

    @Test
    void aSilentProxyDeliversWhenItSpeaksAgain() throws IOException {
        try (Socket caller = connect()) {
            proxy.setWeather(Weather.silent());
            caller.getOutputStream().write(7);
            caller.setSoTimeout(SILENCE_MILLIS);
            assertThatThrownBy(() -> caller.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

            proxy.setWeather(Weather.FAIR);

            caller.setSoTimeout(PATIENCE_MILLIS);
            assertThat(caller.getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void aResetBreaksOpenConnectionsAndLetsNewOnesIn() throws IOException {
        try (Socket broken = connect();
                Socket fresh = new Socket()) {
            assertThat(roundTrip(broken, 7)).isEqualTo(7);

            proxy.resetConnections();

            assertThatThrownBy(() -> {
                        while (broken.getInputStream().read() >= 0) {
                            broken.getOutputStream().write(1);
                        }
                        throw new IOException("closed by the other side");
                    })
                    .isInstanceOf(IOException.class);
            fresh.connect(proxy.address(), PATIENCE_MILLIS);
            fresh.setSoTimeout(PATIENCE_MILLIS);
            assertThat(roundTrip(fresh, 8)).isEqualTo(8);
        }
    }

    private static int roundTrip(Socket caller, int value) throws IOException {
        caller.getOutputStream().write(value);
        return caller.getInputStream().read();
    }

    private Socket connect() throws IOException {
        Socket caller = new Socket();
        caller.connect(proxy.address(), PATIENCE_MILLIS);
        caller.setSoTimeout(PATIENCE_MILLIS);
        return caller;
    }

    private void serve() {
        while (!echo.isClosed()) {
            try {
                Socket caller = echo.accept();
                Thread.ofVirtual().start(() -> echo(caller));
            } catch (IOException e) {
                // Closed at the end of the test.
            }
        }
    }

    private static void echo(Socket caller) {
        try (caller) {
            caller.getInputStream().transferTo(caller.getOutputStream());
        } catch (IOException e) {
            // The proxy broke the connection, which is what it is for.
        }
    }
}
