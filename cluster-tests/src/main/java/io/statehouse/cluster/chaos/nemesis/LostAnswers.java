package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Scene;
import io.statehouse.cluster.check.history.Outcome;
import io.statehouse.cluster.fault.TcpProxy.Weather;

/** A node hears its callers, does what they ask, and its answers are lost. Needs client proxies. */
public record LostAnswers(Victim victim) implements Fault {
    @Override
    public String name() {
        return "lose answers of " + victim;
    }

    @Override
    public Harm inflict(Scene scene) {
        var node = victim.pick(scene);
        var proxy = scene.site().clientProxy(scene.numberOf(node));
        var tally = scene.tally();
        long before = tally.calls(Outcome.UNKNOWN) + tally.repeated();
        long withheldBefore = proxy.withheld();
        proxy.setWeather(Weather.deafCaller());
        return new Simple(
                node.id(),
                () -> {
                    long since = tally.calls(Outcome.UNKNOWN) + tally.repeated() - before;
                    long withheld = proxy.withheld() - withheldBefore;
                    return since == 0 || withheld == 0
                            ? null
                            : withheld + " answers did not pass, " + since + " commits were sent again or are unknown";
                },
                () -> {
                    proxy.setWeather(Weather.FAIR);
                    // What was held back would arrive late; a real network would have given it up.
                    var unused = proxy.resetConnections();
                });
    }
}
