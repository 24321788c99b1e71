//! Collects the body of a wrapper: locals, instructions, and the registers it leaves its results in.
use wasm_encoder::{Encode, Function, Instruction, ValType};

/// A function that grows.
pub struct Body {
    pub params: Vec<ValType>,
    locals: Vec<ValType>,
    pub code: Vec<u8>,
    /// Index of the global that is register 0.
    first_register: u32,
    /// Registers in use.
    pub registers: u32,
}

impl Body {
    /// An empty body.
    pub fn new(params: Vec<ValType>, first_register: u32) -> Self {
        Body { params, locals: vec![], code: vec![], first_register, registers: 0 }
    }

    /// A new local.
    pub fn local(&mut self, ty: ValType) -> u32 {
        self.locals.push(ty);
        (self.params.len() + self.locals.len() - 1) as u32
    }

    /// Appends instructions.
    pub fn push(&mut self, code: impl IntoIterator<Item = Instruction<'static>>) {
        for instruction in code {
            instruction.encode(&mut self.code);
        }
    }

    /// Moves an i64 from the stack to the next register.
    pub fn record(&mut self) {
        self.push([Instruction::GlobalSet(self.first_register + self.registers)]);
        self.registers += 1;
    }

    /// Moves an i32 from the stack to the next register.
    pub fn record_i32(&mut self) {
        self.push([Instruction::I64ExtendI32S]);
        self.record();
    }

    /// The finished function.
    pub fn finish(self) -> Function {
        let mut function = Function::new_with_locals_types(self.locals);
        function.raw(self.code);
        function.instruction(&Instruction::End);
        function
    }
}
