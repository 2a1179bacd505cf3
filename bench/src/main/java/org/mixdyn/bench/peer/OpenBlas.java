package org.mixdyn.bench.peer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * OpenBLAS, called without copies of the arrays. The shared libraries are expected below the folder that the system
 * property {@value #PROPERTY} names; the launcher fetches them. OpenBLAS chooses its kernels by the processor, unless
 * OPENBLAS_CORETYPE says otherwise: the launcher sets it to what MIXDYN_OPENBLAS_CORE names, or clears it, and
 * {@link #core} tells what was chosen.
 */
public final class OpenBlas {
    /** System property: a folder that has the shared libraries somewhere below it. */
    public static final String PROPERTY = "mixdyn.peers";

    private static final int ROW_MAJOR = 101;
    private static final int NO_TRANS = 111;
    private static final int TRANS = 112;

    private final SymbolLookup library;
    private final MethodHandle sgemm;
    private final MethodHandle dgemm;
    private final MethodHandle sgesdd;
    private final MethodHandle dgesdd;

    private OpenBlas(Path folder) {
        // The compiler's run-time libraries first: OpenBLAS finds them by name once they are loaded.
        for (String name : List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5")) {
            SymbolLookup.libraryLookup(folder.resolve(name), Arena.global());
        }
        library = SymbolLookup.libraryLookup(folder.resolve("libopenblas.so.0"), Arena.global());
        sgemm = gemm("cblas_sgemm", JAVA_FLOAT);
        dgemm = gemm("cblas_dgemm", JAVA_DOUBLE);
        sgesdd = gesdd("sgesdd_");
        dgesdd = gesdd("dgesdd_");
    }

    /** The library, if it is there. */
    public static Optional<OpenBlas> find() {
        String below = System.getProperty(PROPERTY);
        if (below == null || !Files.isDirectory(Path.of(below))) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.walk(Path.of(below))) {
            return files.filter(file -> file.endsWith("libopenblas.so.0")).findFirst()
                    .map(file -> new OpenBlas(file.getParent()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Name of the processor core that the kernels are made for. */
    public String core() {
        try {
            MethodHandle name = handle("openblas_get_corename", FunctionDescriptor.of(ADDRESS));
            return ((MemorySegment) name.invokeExact()).reinterpret(64).getString(0);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sets how many threads a call uses. */
    public void setThreads(int threads) {
        try {
            handle("openblas_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT)).invokeExact(threads);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** C = alpha op(A) op(B) + beta C, row-major; the segments are of float arrays. */
    public void sgemm(boolean transA, boolean transB, int m, int n, int k, float alpha, MemorySegment a, int lda,
            MemorySegment b, int ldb, float beta, MemorySegment c, int ldc) {
        try {
            sgemm.invokeExact(ROW_MAJOR, transA ? TRANS : NO_TRANS, transB ? TRANS : NO_TRANS, m, n, k, alpha, a, lda,
                    b, ldb, beta, c, ldc);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same in double. */
    public void dgemm(boolean transA, boolean transB, int m, int n, int k, double alpha, MemorySegment a, int lda,
            MemorySegment b, int ldb, double beta, MemorySegment c, int ldc) {
        try {
            dgemm.invokeExact(ROW_MAJOR, transA ? TRANS : NO_TRANS, transB ? TRANS : NO_TRANS, m, n, k, alpha, a, lda,
                    b, ldb, beta, c, ldc);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * LAPACK's gesdd of a column-major matrix; every argument as LAPACK documents it, scalars by address.
     *
     * @return the handle to invoke exactly, with fourteen segments
     */
    public MethodHandle gesdd(boolean single) {
        return single ? sgesdd : dgesdd;
    }

    private MethodHandle gemm(String name, MemoryLayout scalar) {
        return handle(name,
                FunctionDescriptor.ofVoid(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, scalar,
                        ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, scalar, ADDRESS, JAVA_INT));
    }

    private MethodHandle gesdd(String name) {
        MemoryLayout[] addresses = new MemoryLayout[14];
        Arrays.fill(addresses, ADDRESS);
        return handle(name, FunctionDescriptor.ofVoid(addresses));
    }

    private MethodHandle handle(String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), descriptor,
                Linker.Option.critical(true));
    }
}
