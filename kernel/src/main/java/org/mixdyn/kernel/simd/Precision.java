package org.mixdyn.kernel.simd;

/** Floating-point format of a computation: IEEE 754 binary32 or binary64. */
public enum Precision {
    /** binary32, unit roundoff 2^-24. */
    F32("f32", Float.BYTES, 0x1p-24),
    /** binary64, unit roundoff 2^-53. */
    F64("f64", Double.BYTES, 0x1p-53);

    private static final int LINE_BYTES = 64;

    private final String label;
    private final int bytes;
    private final double unitRoundoff;

    Precision(String label, int bytes, double unitRoundoff) {
        this.label = label;
        this.bytes = bytes;
        this.unitRoundoff = unitRoundoff;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** Elements of a cache line of 64 bytes. */
    public int lineElements() {
        return LINE_BYTES / bytes;
    }

    /**
     * Elements before the first one of an array that begins a cache line of 64 bytes, where objects do: arrays have a header
     * of 16 bytes, and objects begin at cache lines if the virtual machine runs with -XX:ObjectAlignmentInBytes=64. Else this
     * place is as good as any other.
     */
    public int lineStart() {
        int arrayHeader = 16;
        return (LINE_BYTES - arrayHeader) / bytes;
    }

    /**
     * Columns that a product of zero-padded matrices had best compute for so many: whole vectors, so that no panel has to
     * overlap another. Only where vectors are taken in halves may the last one be a narrow one, which elsewhere takes as long.
     */
    public int wholeVectors(int columns) {
        int bits = Lanes.HALVES ? Lanes.FLOAT_TAIL.vectorBitSize() : Lanes.BITS;
        int lanes = bits / Byte.SIZE / bytes;
        return Math.ceilDiv(columns, lanes) * lanes;
    }

    /** Half the distance from 1 to the next number: the relative error bound of one rounding. */
    public double unitRoundoff() {
        return unitRoundoff;
    }

    /** The name used on the command line and in files: f32 or f64. */
    @Override
    public String toString() {
        return label;
    }
}
