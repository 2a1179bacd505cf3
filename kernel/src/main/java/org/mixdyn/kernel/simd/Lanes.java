package org.mixdyn.kernel.simd;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector width in use. It is the widest one that this JVM compiles to single instructions, unless the system property
 * {@value #PROPERTY} asks for 128, 256 or 512 bits; a width above the machine's own is correct but very slow, and meant
 * for tests. This is the only class that decides about lanes.
 */
public final class Lanes {
    /** System property that forces a vector width in bits: 128, 256 or 512. */
    public static final String PROPERTY = "mixdyn.vectorBits";

    /**
     * System property that says whether vectors of 512 bits are taken for two halves, true or false, whatever the processor;
     * meant for tests. Long sums may be cut in other places, so that results differ by roundings.
     */
    public static final String HALVES_PROPERTY = "mixdyn.vectorHalves";

    /** Width of the vectors in use, in bits. */
    public static final int BITS = bits(System.getProperty(PROPERTY), preferredBits());

    /**
     * Whether the processor takes a vector of 512 bits in two halves, as Zen 4 does: two of 256 bits are as fast then, and a
     * load that crosses from one cache line into the next costs nothing more.
     */
    public static final boolean HALVES = halves(BITS, System.getProperty(HALVES_PROPERTY),
            Processor.halves512Bits());

    /** Whether the processor takes a vector of 512 bits, in use here, as a whole. */
    public static final boolean WHOLE_512 = BITS == 512 && !HALVES;

    private static final VectorShape SHAPE = VectorShape.forBitSize(BITS);

    /**
     * Where 512 bits are in use, the ragged end of a row goes in vectors of half the width: it is faster on processors that
     * take 512 bits in two halves, and on others reads and writes less past the end. Narrower ones gain nothing.
     */
    private static final VectorShape TAIL_SHAPE = VectorShape.forBitSize(Math.min(BITS, 256));

    /** Species of the float vectors. */
    public static final VectorSpecies<Float> FLOAT = SHAPE.withLanes(float.class);

    /** Species of the double vectors. */
    public static final VectorSpecies<Double> DOUBLE = SHAPE.withLanes(double.class);

    /** Species of the float vectors at the ragged end of a row. */
    public static final VectorSpecies<Float> FLOAT_TAIL = TAIL_SHAPE.withLanes(float.class);

    /** Species of the double vectors at the ragged end of a row. */
    public static final VectorSpecies<Double> DOUBLE_TAIL = TAIL_SHAPE.withLanes(double.class);

    /** Species of float vectors with as many lanes as {@link #DOUBLE}. */
    public static final VectorSpecies<Float> FLOAT_AS_DOUBLE = VectorShape.forBitSize(BITS / 2).withLanes(float.class);

    /** {@link #DOUBLE}, for code of either precision. */
    public static final VectorSpecies<Double> DOUBLE_AS_DOUBLE = DOUBLE;

    /** Species of the long vectors, as many lanes as {@link #DOUBLE}. */
    public static final VectorSpecies<Long> LONG = SHAPE.withLanes(long.class);

    /**
     * True where there are 32 vector registers (AVX-512 in its full width, AArch64), so that a register tile may hold 24
     * accumulators; false where there may be only 16, as with shorter vectors on x86.
     */
    public static final boolean THIRTY_TWO_REGISTERS = BITS == 512 || System.getProperty("os.arch").equals("aarch64");

    private Lanes() {
    }

    /** One line that names the vector width in use and where it came from. */
    public static String describe() {
        String origin = System.getProperty(PROPERTY) == null ? "the widest of this JVM" : "forced by -D" + PROPERTY;
        return BITS + "-bit vectors (" + origin + "), " + FLOAT.length() + " f32 or " + DOUBLE.length() + " f64 lanes";
    }

    /** The width for what {@link #PROPERTY} says, null for nothing, and what this JVM prefers. */
    static int bits(String forced, int preferred) {
        return switch (forced) {
            case null -> Math.clamp(preferred, 128, 512);
            case "128", "256", "512" -> Integer.parseInt(forced);
            default ->
                throw new IllegalArgumentException(PROPERTY + " is " + forced + "; allowed are 128, 256, 512");
        };
    }

    /** Whether vectors of a width are taken in halves, for what {@link #HALVES_PROPERTY} says, null for nothing. */
    static boolean halves(int bits, String forced, boolean processorHalves) {
        boolean halves = switch (forced) {
            case null -> processorHalves;
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new IllegalArgumentException(HALVES_PROPERTY + " is " + forced + "; allowed are true, false");
        };
        return halves && bits == 512;
    }

    private static int preferredBits() {
        return Math.min(FloatVector.SPECIES_PREFERRED.vectorBitSize(),
                Math.min(DoubleVector.SPECIES_PREFERRED.vectorBitSize(), LongVector.SPECIES_PREFERRED.vectorBitSize()));
    }
}
