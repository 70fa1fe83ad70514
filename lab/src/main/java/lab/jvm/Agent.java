package lab.jvm;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// The lab's hands inside a service that knows nothing of it, as in `-javaagent:lab.jar=live=100,burst=20`:
///
/// | option | what it does |
/// | --- | --- |
/// | `live=MB` | keeps so many megabytes of voters, and replaces one in fifty of them each second |
/// | `burst=MB` | allocates so much in one go, every second, and drops it |
/// | `gc=SECONDS` | calls [System#gc] every so many seconds |
/// | `threads=virtual`, `default` or a number | which threads the HTTP server hands its requests to |
/// | `batch=VOTES` | how many votes the worker takes at once, instead of 5,000 |
public final class Agent {
    private static final int VOTERS_A_MEGABYTE = 7_000; // of about 150 bytes each, headers and references included
    private static final Random RANDOM = new Random(1);

    /// Static, so that it lives as long as the service.
    private static Voter[] live;

    /// What handles requests; null is the server's own thread.
    public static Executor executor;

    /// Like what a service might cache: small objects that refer to smaller ones.
    private record Voter(String id, String choice, Object[] history) {
        static Voter any() {
            return new Voter(Long.toHexString(RANDOM.nextLong()), Integer.toString(RANDOM.nextInt()), new Object[4]);
        }
    }

    private Agent() {}

    public static void premain(String options, Instrumentation jvm) {
        for (String option : options.split(",")) {
            String value = option.substring(option.indexOf('=') + 1);
            switch (option.replaceFirst("=.*", "")) {
                case "live" -> keep(Integer.parseInt(value));
                case "burst" -> every(1000, () -> allocate(Integer.parseInt(value)));
                case "gc" -> every(1000 * Integer.parseInt(value), System::gc);
                case "threads" -> threads(value, jvm);
                case "batch" -> batch(value, jvm);
                default -> throw new IllegalArgumentException("The lab's agent knows no " + option);
            }
        }
    }

    private static void keep(int megabytes) {
        live = Stream.generate(Voter::any).limit(megabytes * VOTERS_A_MEGABYTE).toArray(Voter[]::new);
        int replacedEachTime = live.length / 50 / 10;
        every(100, () -> {
            for (int i = 0; i < replacedEachTime; i++) {
                live[RANDOM.nextInt(live.length)] = Voter.any();
            }
        });
    }

    private static void allocate(int megabytes) {
        Stream.generate(() -> new byte[64 * 1024]).limit(16L * megabytes).toArray();
    }

    private static void threads(String value, Instrumentation jvm) {
        executor = switch (value) {
            case "virtual" -> Executors.newVirtualThreadPerTaskExecutor();
            case "default" -> null;
            default -> Executors.newFixedThreadPool(Integer.parseInt(value));
        };
        change("common/WebServer", jvm, (code, element) -> {
            if (element instanceof InvokeInstruction call && call.name().equalsString("setExecutor")) {
                code.pop(); // what the service asked for
                code.getstatic(ClassDesc.of(Agent.class.getName()), "executor", ClassDesc.of(Executor.class.getName()));
            }
            code.with(element);
        });
    }

    private static void batch(String votes, Instrumentation jvm) {
        change("worker/VoteQueue", jvm, (code, element) -> {
            if (element instanceof ConstantInstruction constant && "5000".equals(constant.constantValue())) {
                code.loadConstant(votes);
            } else {
                code.with(element);
            }
        });
    }

    /// Has a class of the service made with other code.
    private static void change(String changed, Instrumentation jvm, CodeTransform how) {
        jvm.addTransformer(new ClassFileTransformer() {
            @Override
            public byte[] transform(ClassLoader by, String name, Class<?> old, ProtectionDomain domain, byte[] bytes) {
                var classes = ClassFile.of();
                return name.equals(changed)
                        ? classes.transformClass(classes.parse(bytes), ClassTransform.transformingMethodBodies(how))
                        : null;
            }
        });
    }

    private static void every(int millis, Runnable task) {
        Thread.ofPlatform().name("lab").daemon().start(() -> {
            while (true) {
                LockSupport.parkNanos(millis * 1_000_000L); // the stimulus comes in this rhythm
                task.run();
            }
        });
    }
}
