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

final class Transposes {
    private static final ClassDesc VECTOR = ClassDesc.of(Vector.class.getName());
    private static final ClassDesc SPECIES = ClassDesc.of(VectorSpecies.class.getName());
    private static final ClassDesc LANES = ClassDesc.of(Lanes.class.getName());

    private Transposes() {
    }

    static <T> T make(Precision precision, int rows, Class<T> type) {
        byte[] bytes = bytes(precision, rows, type);
        try {
            Class<?> hidden = MethodHandles.lookup().defineHiddenClass(bytes, true).lookupClass();
            return type.cast(hidden.getDeclaredConstructor().newInstance());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the transpose of " + rows + " rows could not be made", e);
        }
    }

    private static byte[] bytes(Precision precision, int rows, Class<?> type) {
        boolean single = precision == Precision.F32;
        int lanes = single ? Lanes.FLOAT.length() : Lanes.DOUBLE.length();
        ClassDesc vector = ClassDesc.of((single ? FloatVector.class : DoubleVector.class).getName());
        ClassDesc array = (single ? CD_float : CD_double).arrayType();
        String species = single ? "FLOAT" : "DOUBLE";
        String name = Transposes.class.getPackageName() + "." + (single ? "Float" : "Double") + "Transpose" + rows;
        MethodTypeDesc transpose = MethodTypeDesc.of(CD_void, CD_int, array, CD_int, CD_int, array, CD_int, CD_int,
                array, array);
        MethodTypeDesc fromArray = MethodTypeDesc.of(vector, SPECIES, array, CD_int);
        return ClassFile.of().build(ClassDesc.of(name), clazz -> clazz
                .withFlags(ClassFile.ACC_FINAL)
                .withInterfaceSymbols(ClassDesc.of(type.getName()))
                .withMethodBody(INIT_NAME, MTD_void, 0,
                        init -> init.aload(0).invokespecial(ConstantDescs.CD_Object, INIT_NAME, MTD_void).return_())
                .withMethodBody("transpose", transpose, ClassFile.ACC_PUBLIC, code -> {
                    final int K = 1, FROM = 2, FROM0 = 3, LD = 4, TO = 5, TO0 = 6, TO_STRIDE = 7, LOW = 8, HIGH = 9;
                    int low = code.allocateLocal(TypeKind.REFERENCE);
                    int high = code.allocateLocal(TypeKind.REFERENCE);
                    int at = code.allocateLocal(TypeKind.INT);
                    int p = code.allocateLocal(TypeKind.INT);
                    int[] now = new int[rows];
                    int[] next = new int[rows];
                    for (int i = 0; i < rows; i++) {
                        now[i] = code.allocateLocal(TypeKind.REFERENCE);
                        next[i] = code.allocateLocal(TypeKind.REFERENCE);
                    }
                    code.getstatic(LANES, species, SPECIES).aload(LOW).iconst_0()
                            .invokestatic(vector, "fromArray", fromArray).astore(low);
                    code.getstatic(LANES, species, SPECIES).aload(HIGH).iconst_0()
                            .invokestatic(vector, "fromArray", fromArray).astore(high);
                    code.iconst_0().istore(p);
                    Label test = code.newLabel();
                    Label done = code.newLabel();
                    code.labelBinding(test).iload(p).iload(K).if_icmpge(done);
                    code.iload(FROM0).istore(at);
                    for (int i = 0; i < rows; i++) {
                        code.getstatic(LANES, species, SPECIES).aload(FROM).iload(at)
                                .invokestatic(vector, "fromArray", fromArray).astore(now[i]);
                        code.iload(at).iload(LD).iadd().istore(at);
                    }
                    for (int round = 1; round < rows; round *= 2) {
                        for (int i = 0; i < rows / 2; i++) {
                            for (int h = 0; h < 2; h++) {
                                code.aload(h == 0 ? low : high).aload(now[i]).aload(now[i + rows / 2])
                                        .invokevirtual(vector, "selectFrom", MethodTypeDesc.of(vector, VECTOR, VECTOR))
                                        .astore(next[2 * i + h]);
                            }
                        }
                        int[] swap = now;
                        now = next;
                        next = swap;
                    }
                    for (int i = 0; i < rows; i++) {
                        code.aload(now[i]).aload(TO).iload(TO0).invokevirtual(vector, "intoArray",
                                MethodTypeDesc.of(CD_void, array, CD_int));
                        if (rows == lanes) {
                            code.iload(TO0).iload(TO_STRIDE).iadd().istore(TO0);
                        } else {
                            code.iinc(TO0, lanes);
                        }
                    }
                    code.iinc(FROM0, lanes);
                    code.iinc(p, lanes).goto_(test);
                    code.labelBinding(done).return_();
                }));
    }
}
