package org.millrace.engine;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.millrace.conf.EngineConfig;
import org.millrace.engine.client.Travels;
import org.millrace.engine.control.LaneHandle;
import org.millrace.engine.lane.FusedTurn;
import org.millrace.engine.lane.HalfTurn;
import org.millrace.engine.lane.Lane;
import org.millrace.engine.lane.LaneCommands;
import org.millrace.engine.lane.LaneSetup;
import org.millrace.engine.lane.LaneThread;
import org.millrace.engine.lane.WaitStrategy;
import org.millrace.engine.spread.EvenSpread;
import org.millrace.engine.spread.LanePolicy;
import org.millrace.engine.spread.Packing;
import org.millrace.io.SegmentArena;
import org.millrace.io.Transport;

/** Makes the lanes that the configuration asks for, each with its transports and threads, not started. */
final class LaneFactory {
    private static final LongSupplier CPU_CLOCK = ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime;

    private LaneFactory() {
    }

    static List<LaneHandle> make(LaneSetup setup, TransportChoice choice, LongSupplier clock,
        Consumer<Throwable> onBroken) {
        EngineConfig engine = setup.config().engine();
        boolean split = engine.stageThreads().equals("split");
        Supplier<SegmentArena> arenas = MemoryShare.of(engine, setup.lanes()).newArenas();
        List<LaneHandle> lanes = new ArrayList<>();
        for (int number = 0; number < setup.lanes(); number++) {
            lanes.add(split ? split(number, setup, choice, arenas, clock, onBroken)
                : fused(number, setup, choice, arenas, clock, onBroken));
        }
        Travels travels = new Travels();
        lanes.forEach(lane -> lane.lane().client().state().travels(travels));
        return lanes;
    }

    private static LaneHandle fused(int number, LaneSetup setup, TransportChoice choice, Supplier<SegmentArena> arenas,
        LongSupplier clock, Consumer<Throwable> onBroken) {
        HandlerFaults faults = new HandlerFaults();
        Transport transport = choice.make(arenas.get(), faults);
        LaneCommands commands = new LaneCommands(transport);
        Lane lane = lane(number, setup, transport, transport);
        faults.half(lane.client().state().faults());
        FusedTurn turn = new FusedTurn(lane, transport, commands, clock, CPU_CLOCK);
        LaneThread thread = new LaneThread("millrace-lane-" + number, turn, strategy(setup), transport::wakeUp,
            onBroken);
        return new LaneHandle(lane, commands, List.of(thread), List.of(transport));
    }

    private static LaneHandle split(int number, LaneSetup setup, TransportChoice choice, Supplier<SegmentArena> arenas,
        LongSupplier clock, Consumer<Throwable> onBroken) {
        HandlerFaults clientFaults = new HandlerFaults();
        HandlerFaults serverFaults = new HandlerFaults();
        Transport clients = choice.make(arenas.get(), clientFaults);
        Transport servers = choice.make(arenas.get(), serverFaults);
        LaneCommands commands = new LaneCommands(clients);
        Lane lane = lane(number, setup, clients, servers);
        clientFaults.half(lane.client().state().faults());
        serverFaults.half(lane.server().state().faults());
        HalfTurn[] turns = HalfTurn.pair(lane, clients, servers, commands, clock);
        String name = "millrace-lane-" + number;
        LaneThread clientThread = new LaneThread(name + "-clients", turns[0], strategy(setup), clients::wakeUp,
            onBroken);
        LaneThread serverThread = new LaneThread(name + "-servers", turns[1], strategy(setup), servers::wakeUp,
            onBroken);
        return new LaneHandle(lane, commands, List.of(clientThread, serverThread), List.of(clients, servers));
    }

    /** Of 'auto' all but the first rest until they are needed. */
    private static Lane lane(int number, LaneSetup setup, Transport clients, Transport servers) {
        Lane lane = new Lane(number, setup, clients, servers);
        if (number > 0 && LaneCount.isAuto(setup.config().engine())) {
            lane.rest();
        }
        return lane;
    }

    /** Who chooses among so many lanes. */
    static LanePolicy policy(LaneSetup setup) {
        return LaneCount.isAuto(setup.config().engine()) ? new Packing(setup.lanes(), setup.clientsMax())
            : new EvenSpread(setup.lanes(), setup.clientsMax());
    }

    private static WaitStrategy strategy(LaneSetup setup) {
        return WaitStrategy.of(setup.config().engine().waitStrategy());
    }
}
