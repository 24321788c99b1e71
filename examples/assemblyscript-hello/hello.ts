// Greets each argument, or the world.
const names = process.argv.slice(1);
if (names.length == 0) console.log("hello from AssemblyScript");
for (let i = 0; i < names.length; i++) console.log("hello from AssemblyScript, " + names[i]);
