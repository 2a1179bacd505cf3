package org.mixdyn.kernel.gemm;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorSpecies;

import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/**
 * Writes the micro-kernels. A register tile must be spelled out, one local variable for each accumulator, or the compiler
 * keeps the accumulators in memory; so a kernel for each tile and layout would be thousands of lines that differ in
 * numbers alone. This class is those lines, once: it emits what javac would make of
 *
 * <pre>
 *   c00 = c01 = ... = zero;
 *   for (int p = 0; p &lt; k; p++) {
 *       b0 = fromArray(S, b, ...);  b1 = ...                    one row of B
 *       x = broadcast(S, a[...]);   c00 = x.fma(b0, c00);  ...  row by row of the tile
 *   }
 *   c00.add(fromArray(S, c, c0)).intoArray(c, c0);  ...      or without the addition
 * </pre>
 *
 * as a hidden class that implements {@link FloatMicroKernel} or its twin. Accumulators start from a zero made in the
 * method: one that stood in a field would be an object, and C2 would keep all of them as objects. For the same reason
 * nothing here calls a helper with a vector.
 *
 * <p>How the elements of A are addressed decides whether C2's scheduler finds registers for the tile. Indices that move
 * with p, by strides that the compiler does not know, keep the range check of each element inside the loop, and that is
 * well: the checks keep the loads in their places, where hoisted loads would need more registers than there are and spill
 * accumulators. With 32 registers both layouts of A then run within a few per cent of the peak. With 16, rows of A do
 * better with one index each, made before the loop.
 */
final class MicroKernels {
    private static final ClassDesc VECTOR = ClassDesc.of(Vector.class.getName());
    private static final ClassDesc SPECIES = ClassDesc.of(VectorSpecies.class.getName());
    /** Whether the index of A walks down the rows of the tile, rather than each row having its own. */
    private static final boolean WALK = Lanes.THIRTY_TWO_REGISTERS;

    private static final ClassDesc LANES = ClassDesc.of(Lanes.class.getName());

    // The parameters of multiply, in order; local variable 0 is the kernel itself.
    private static final int K = 1;
    private static final int A = 2;
    private static final int A0 = 3;
    private static final int A_STRIDE = 4;
    private static final int B = 5;
    private static final int B0 = 6;
    private static final int B_STRIDE = 7;
    private static final int C = 8;
    private static final int C0 = 9;
    private static final int LDC = 10;

    private final Tile tile;
    private final int lanes;
    private final ClassDesc vector;
    private final ClassDesc element;
    private final TypeKind kind;
    private final String species;
    private CodeBuilder code;
    private int p;
    private int x;
    private int firstB;
    private int firstC;
    private int row;

    private MicroKernels(Precision precision, Tile tile) {
        this.tile = tile;
        boolean single = precision == Precision.F32;
        lanes = single ? Lanes.FLOAT.length() : Lanes.DOUBLE.length();
        vector = ClassDesc.of((single ? FloatVector.class : DoubleVector.class).getName());
        element = single ? CD_float : CD_double;
        kind = single ? TypeKind.FLOAT : TypeKind.DOUBLE;
        species = single ? "FLOAT" : "DOUBLE";
    }

    /** A new kernel: a {@link FloatMicroKernel} or a {@link DoubleMicroKernel}, by the precision. */
    static <T> T make(Precision precision, Tile tile, Class<T> type) {
        byte[] bytes = new MicroKernels(precision, tile).bytes(type);
        try {
            Class<?> hidden = MethodHandles.lookup().defineHiddenClass(bytes, true).lookupClass();
            return type.cast(hidden.getDeclaredConstructor().newInstance());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the micro-kernel " + tile + " could not be made", e);
        }
    }

    private byte[] bytes(Class<?> type) {
        String name = MicroKernels.class.getPackageName() + "." + (kind == TypeKind.FLOAT ? "Float" : "Double")
                + "MicroKernel" + tile.rows() + "x" + tile.vectors();
        MethodTypeDesc multiply = MethodTypeDesc.of(CD_void, CD_int, element.arrayType(), CD_int, CD_int,
                element.arrayType(), CD_int, CD_int, element.arrayType(), CD_int, CD_int);
        return ClassFile.of().build(ClassDesc.of(name), clazz -> clazz
                .withFlags(ClassFile.ACC_FINAL)
                .withInterfaceSymbols(ClassDesc.of(type.getName()))
                .withMethodBody(INIT_NAME, MTD_void, 0,
                        init -> init.aload(0).invokespecial(ConstantDescs.CD_Object, INIT_NAME, MTD_void).return_())
                .withMethodBody("multiply", multiply, ClassFile.ACC_PUBLIC, this::multiply));
    }

    private void multiply(CodeBuilder builder) {
        code = builder;
        p = code.allocateLocal(TypeKind.INT);
        x = code.allocateLocal(TypeKind.REFERENCE);
        firstB = locals(tile.vectors(), TypeKind.REFERENCE);
        firstC = locals(tile.rows() * tile.vectors(), TypeKind.REFERENCE);
        row = locals(tile.rows(), TypeKind.INT);
        startAccumulators();
        if (tile.layout() == Tile.Layout.ROWS && !WALK) {
            indexRows();
        }
        code.iconst_0().istore(p);
        Label test = code.newLabel();
        Label done = code.newLabel();
        code.labelBinding(test).iload(p).iload(K).if_icmpge(done);
        loadRowOfB();
        for (int i = 0; i < tile.rows(); i++) {
            multiplyRow(i);
        }
        advance();
        code.iinc(p, 1).goto_(test);
        code.labelBinding(done);
        if (tile.add()) {
            addC();
        }
        storeC();
        code.return_();
    }

    private int locals(int count, TypeKind of) {
        int first = code.allocateLocal(of);
        for (int i = 1; i < count; i++) {
            code.allocateLocal(of);
        }
        return first;
    }

    private int accumulator(int i, int j) {
        return firstC + i * tile.vectors() + j;
    }

    private void startAccumulators() {
        loadSpecies().invokestatic(vector, "zero", MethodTypeDesc.of(vector, SPECIES)).astore(x);
        for (int i = 0; i < tile.rows(); i++) {
            for (int j = 0; j < tile.vectors(); j++) {
                code.aload(x).astore(accumulator(i, j));
            }
        }
    }

    private void indexRows() {
        code.iload(A0).istore(row);
        for (int i = 1; i < tile.rows(); i++) {
            code.iload(row + i - 1).iload(A_STRIDE).iadd().istore(row + i);
        }
    }

    private void loadRowOfB() {
        for (int j = 0; j < tile.vectors(); j++) {
            loadSpecies().aload(B).iload(B0);
            plus(j * lanes).invokestatic(vector, "fromArray",
                    MethodTypeDesc.of(vector, SPECIES, element.arrayType(), CD_int)).astore(firstB + j);
        }
    }

    private void multiplyRow(int i) {
        loadSpecies().aload(A);
        if (tile.layout() == Tile.Layout.COLUMNS) {
            code.iload(A0);
            plus(i);
        } else if (WALK) {
            if (i == 0) {
                code.iload(A0);
            } else {
                code.iload(row).iload(A_STRIDE).iadd();
            }
            code.dup().istore(row);
        } else {
            code.iload(row + i).iload(p).iadd();
        }
        code.arrayLoad(kind).invokestatic(vector, "broadcast", MethodTypeDesc.of(vector, SPECIES, element)).astore(x);
        for (int j = 0; j < tile.vectors(); j++) {
            code.aload(x).aload(firstB + j).aload(accumulator(i, j))
                    .invokevirtual(vector, "fma", MethodTypeDesc.of(vector, VECTOR, VECTOR)).astore(accumulator(i, j));
        }
    }

    private void advance() {
        if (tile.layout() == Tile.Layout.COLUMNS) {
            code.iload(A0).iload(A_STRIDE).iadd().istore(A0);
        } else if (WALK) {
            code.iinc(A0, 1);
        }
        code.iload(B0).iload(B_STRIDE).iadd().istore(B0);
    }

    /**
     * All of C is read before any of it is written: rows of C often lie a multiple of 4096 bytes apart, where a load has to
     * wait for a store to the row before.
     */
    private void addC() {
        code.iload(C0).istore(row);
        for (int i = 0; i < tile.rows(); i++) {
            for (int j = 0; j < tile.vectors(); j++) {
                code.aload(accumulator(i, j));
                loadSpecies().aload(C).iload(row);
                plus(j * lanes);
                code.invokestatic(vector, "fromArray",
                        MethodTypeDesc.of(vector, SPECIES, element.arrayType(), CD_int));
                code.invokevirtual(vector, "add", MethodTypeDesc.of(vector, VECTOR)).astore(accumulator(i, j));
            }
            code.iload(row).iload(LDC).iadd().istore(row);
        }
    }

    private void storeC() {
        for (int i = 0; i < tile.rows(); i++) {
            for (int j = 0; j < tile.vectors(); j++) {
                code.aload(accumulator(i, j)).aload(C).iload(C0);
                plus(j * lanes);
                code.invokevirtual(vector, "intoArray", MethodTypeDesc.of(CD_void, element.arrayType(), CD_int));
            }
            code.iload(C0).iload(LDC).iadd().istore(C0);
        }
    }

    private CodeBuilder loadSpecies() {
        return code.getstatic(LANES, species, SPECIES);
    }

    private CodeBuilder plus(int constant) {
        return constant == 0 ? code : code.loadConstant(constant).iadd();
    }
}
