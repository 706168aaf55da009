# Writes a C file that gives the address of a private static of the Rust crate parking_lot_core, under the name that a patch
# gives it, or without patches under the one that this build of it has in the library. See src/core/bridge.cpp for what it is needed for.
#   cmake -DNM=… -DLIBRARY=… -DOUTPUT=… -DUNPATCHED=ON|OFF -P parking_lot_table.cmake
if(UNPATCHED)
  execute_process(COMMAND "${NM}" "${LIBRARY}" OUTPUT_VARIABLE symbols ERROR_QUIET COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL " [BbDd] [A-Za-z0-9_]*parking_lot_core[A-Za-z0-9_]*9HASHTABLE[A-Za-z0-9_]*" found "${symbols}")
  list(REMOVE_DUPLICATES found)
  list(LENGTH found count)
  if(NOT count EQUAL 1)
    message(FATAL_ERROR
      "${LIBRARY} has ${count} statics HASHTABLE of parking_lot_core, expected one: the crate has changed. Look in its source "
      "where it keeps the threads that wait, and change bridge/parking_lot_table.cmake and src/core/bridge.cpp.")
  endif()
  string(REGEX REPLACE "^ [BbDd] " "" symbol "${found}")
else()
  set(symbol _ZN16parking_lot_core11parking_lot9HASHTABLE17hhourglassE) # patches/parking_lot_core-*-name-the-table.patch
endif()
file(WRITE "${OUTPUT}"
  "extern void *${symbol};\nvoid **hg_c_parking_lot_table(void);\nvoid **hg_c_parking_lot_table(void) { return &${symbol}; }\n")
