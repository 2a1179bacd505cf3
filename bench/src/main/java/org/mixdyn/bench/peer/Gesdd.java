package org.mixdyn.bench.peer;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * LAPACK's gesdd on matrices of one shape, with its workspace. A row-major matrix is given as what it is to LAPACK, its
 * transpose. The copy that gesdd destroys is made within {@link #factor}, as a caller has to.
 */
public final class Gesdd {
    private final boolean single;
    private final MethodHandle gesdd;
    private final Object copy;
    private final Object s;
    private final int length;
    private final MemorySegment[] arguments;

    /**
     * For rows x cols matrices, in f32 if single; with the thin U and V if vectors.
     *
     * @throws IllegalStateException if OpenBLAS is not there
     */
    public Gesdd(int threads, boolean single, int rows, int cols, boolean vectors) {
        this.single = single;
        OpenBlas blas = OpenBlas.find().orElseThrow(() -> new IllegalStateException("OpenBLAS is not there"));
        blas.setThreads(threads);
        gesdd = blas.gesdd(single);
        length = Math.multiplyExact(rows, cols);
        int k = Math.min(rows, cols);
        copy = array(length);
        s = array(k);
        Object u = array(vectors ? cols * k : 1);
        Object vt = array(vectors ? k * rows : 1);
        // More than any version asks for.
        int work = Math.addExact(Math.multiplyExact(8 * k, k), 200 * (rows + cols));
        MemorySegment job = MemorySegment.ofArray(new byte[]{(byte) (vectors ? 'S' : 'N')});
        arguments = new MemorySegment[]{job, integer(cols), integer(rows), segment(copy), integer(cols), segment(s),
                segment(u), integer(cols), segment(vt), integer(k), segment(array(work)), integer(work),
                MemorySegment.ofArray(new int[8 * k]), integer(0)};
    }

    /** Decomposes a row-major float[] or double[], which stays as it is. */
    public void factor(Object a) {
        System.arraycopy(a, 0, copy, 0, length);
        try {
            MemorySegment[] x = arguments;
            gesdd.invokeExact(x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], x[8], x[9], x[10], x[11], x[12], x[13]);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        int info = ((int[]) arguments[13].heapBase().orElseThrow())[0];
        if (info != 0) {
            throw new IllegalStateException("gesdd returned " + info);
        }
    }

    /** The values of the last matrix, descending. */
    public double[] singularValues() {
        if (!single) {
            return ((double[]) s).clone();
        }
        float[] floats = (float[]) s;
        double[] values = new double[floats.length];
        for (int j = 0; j < values.length; j++) {
            values[j] = floats[j];
        }
        return values;
    }

    private Object array(int size) {
        return single ? new float[size] : new double[size];
    }

    private static MemorySegment segment(Object array) {
        return array instanceof float[] floats
                ? MemorySegment.ofArray(floats)
                : MemorySegment.ofArray((double[]) array);
    }

    private static MemorySegment integer(int value) {
        return MemorySegment.ofArray(new int[]{value});
    }
}
