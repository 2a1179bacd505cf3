package org.mixdyn.kernel.gemm.code;

import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorSpecies;

import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/**
 * What all writers of vector loops say in bytecode. C2 keeps vectors in registers only where each is a local variable
 * and every operation on it stands in the same method: loops over many vectors have to be spelled out. The writers
 * spell them out, as javac would compile them, in hidden classes with one method; the operations are those of the
 * Vector API, in one precision.
 */
abstract class VectorCode {
    // Classes of the vectors, under the names of their species: constants of the code that is written.
    static final Class<?> FLOAT = Lanes.FLOAT.vectorType();
    static final Class<?> FLOAT_TAIL = Lanes.FLOAT_TAIL.vectorType();
    static final Class<?> DOUBLE = Lanes.DOUBLE.vectorType();
    static final Class<?> DOUBLE_TAIL = Lanes.DOUBLE_TAIL.vectorType();

    private static final ClassDesc SELF = ClassDesc.of(VectorCode.class.getName());
    private static final ClassDesc VECTOR = ClassDesc.of(Vector.class.getName());
    private static final ClassDesc SPECIES = ClassDesc.of(VectorSpecies.class.getName());
    private static final ClassDesc LANES = ClassDesc.of(Lanes.class.getName());

    /** Lanes of a vector. */
    final int lanes;

    /** Lanes of the vectors at ragged ends. */
    final int tailLanes;

    private final boolean single;
    private final ClassDesc vector;
    private final ClassDesc element;

    /** Of the method that is being written. */
    CodeBuilder code;

    VectorCode(Precision precision) {
        single = precision == Precision.F32;
        lanes = single ? Lanes.FLOAT.length() : Lanes.DOUBLE.length();
        tailLanes = single ? Lanes.FLOAT_TAIL.length() : Lanes.DOUBLE_TAIL.length();
        vector = ClassDesc.of((single ? FloatVector.class : DoubleVector.class).getName());
        element = single ? CD_float : CD_double;
    }

    /** Writes the body of the method. */
    abstract void body();

    /**
     * An instance of a new class with one method.
     *
     * @param type       the abstract class that it extends; a call is a little shorter than one of an interface
     * @param name       of the class, after the name of the precision
     * @param method     that it implements
     * @param parameters of the method, one letter each: i for an int, a for an array
     */
    final <T> T instance(Class<T> type, String name, String method, String parameters) {
        ClassDesc self = ClassDesc.of(VectorCode.class.getPackageName(), (single ? "Float" : "Double") + name);
        ClassDesc parent = ClassDesc.of(type.getName());
        ClassDesc[] types = parameters.chars().mapToObj(c -> c == 'i' ? CD_int : element.arrayType())
                .toArray(ClassDesc[]::new);
        byte[] bytes = ClassFile.of().build(self, clazz -> clazz.withFlags(ClassFile.ACC_FINAL)
                .withSuperclass(parent)
                .withMethodBody(INIT_NAME, MTD_void, 0,
                        init -> init.aload(0).invokespecial(parent, INIT_NAME, MTD_void).return_())
                .withMethodBody(method, MethodTypeDesc.of(CD_void, types), 0, builder -> {
                    code = builder;
                    body();
                    code.return_();
                }));
        try {
            Class<?> hidden = MethodHandles.lookup().defineHiddenClass(bytes, true).lookupClass();
            return type.cast(hidden.getDeclaredConstructor().newInstance());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(self.displayName() + " could not be made", e);
        }
    }

    /** The first of so many new local variables that hold ints. */
    final int newInts(int count) {
        return newLocals(count, TypeKind.INT);
    }

    /** The first of so many new local variables that hold vectors. */
    final int newVectors(int count) {
        return newLocals(count, TypeKind.REFERENCE);
    }

    private int newLocals(int count, TypeKind kind) {
        int first = code.allocateLocal(kind);
        for (int i = 1; i < count; i++) {
            code.allocateLocal(kind);
        }
        return first;
    }

    /** Pushes the vector of zeros. */
    final void pushZero(boolean tail) {
        pushSpecies(tail);
        code.invokestatic(vector, "zero", MethodTypeDesc.of(vector, SPECIES));
    }

    /** Pushes the vector at array[index + constant]. */
    final void pushVector(boolean tail, int array, int index, int constant) {
        pushSpecies(tail);
        code.aload(array);
        pushSum(index, constant);
        code.invokestatic(vector, "fromArray", MethodTypeDesc.of(vector, SPECIES, element.arrayType(), CD_int));
    }

    /** Pushes a vector that has array[i] in every lane; pushIndex pushes i. */
    final void pushBroadcast(boolean tail, int array, Runnable pushIndex) {
        pushSpecies(tail);
        code.aload(array);
        pushIndex.run();
        code.arrayLoad(single ? TypeKind.FLOAT : TypeKind.DOUBLE).invokestatic(vector, "broadcast",
                MethodTypeDesc.of(vector, SPECIES, element));
    }

    /** Pushes the first lanes of a vector variable, as many as the vectors at ragged ends have. */
    final void pushTailOf(int variable) {
        code.aload(variable);
        reshape(true);
    }

    /** Replaces the vector on the stack by one of the other length: its first lanes, or all of them and zeros. */
    final void reshape(boolean tail) {
        pushSpecies(tail);
        code.iconst_0()
                .invokevirtual(vector, "reinterpretShape", MethodTypeDesc.of(VECTOR, SPECIES, CD_int))
                .checkcast(vector);
    }

    /**
     * Pushes a vector variable that was changed in a loop. Behind the loop C2 does not know its class; where it
     * cannot wait to find out, it goes by the classes that the vector's method has been called on anywhere, and makes
     * an object of the vector if there are two. A cast to the class tells it.
     */
    final void pushFromLoop(boolean tail, int variable) {
        code.getstatic(SELF, name(tail), CD_Class)
                .aload(variable)
                .invokevirtual(CD_Class, "cast", MethodTypeDesc.of(CD_Object, CD_Object))
                .checkcast(vector);
    }

    /** Pops a vector and stores it at array[index + constant]. */
    final void popVector(int array, int index, int constant) {
        code.aload(array);
        pushSum(index, constant);
        code.invokevirtual(vector, "intoArray", MethodTypeDesc.of(CD_void, element.arrayType(), CD_int));
    }

    /** Calls an operation of two vectors, the first of which it is called on. */
    final void callBinary(String operation) {
        code.invokevirtual(vector, operation, MethodTypeDesc.of(vector, VECTOR));
    }

    /** Calls an operation of three vectors, the first of which it is called on. */
    final void callTernary(String operation) {
        code.invokevirtual(vector, operation, MethodTypeDesc.of(vector, VECTOR, VECTOR));
    }

    /** Pushes an int variable plus a constant. */
    final void pushSum(int variable, int constant) {
        code.iload(variable);
        if (constant != 0) {
            code.loadConstant(constant).iadd();
        }
    }

    /** An int variable += another one. */
    final void increase(int variable, int by) {
        code.iload(variable).iload(by).iadd().istore(variable);
    }

    private void pushSpecies(boolean tail) {
        code.getstatic(LANES, name(tail), SPECIES);
    }

    private String name(boolean tail) {
        return (single ? "FLOAT" : "DOUBLE") + (tail ? "_TAIL" : "");
    }
}
