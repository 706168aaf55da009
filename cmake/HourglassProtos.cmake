# The protobuf classes, from the very .proto files that Core was built from: `cargo metadata` says where they are.
find_package(Protobuf 3.21 REQUIRED)

set(HOURGLASS_PROTO_DIR "${CMAKE_BINARY_DIR}/protos")
set(HOURGLASS_PROTO_GEN "${HOURGLASS_PROTO_DIR}/gen")
file(READ "${CMAKE_CURRENT_LIST_DIR}/protos.txt" _list)
string(REGEX REPLACE "#[^\n]*\n" "" _list "${_list}")
string(REGEX MATCHALL "[^\n]+\\.proto" HOURGLASS_PROTOS "${_list}")

# Copied, renamed and generated at configure time when anything they come from changed: CMake must know the sources.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
execute_process(
  COMMAND "${Python3_EXECUTABLE}" "${CMAKE_CURRENT_LIST_DIR}/generate_protos.py"
          --manifest "${PROJECT_SOURCE_DIR}/bridge/Cargo.toml" --list "${CMAKE_CURRENT_LIST_DIR}/protos.txt"
          --protoc "${Protobuf_PROTOC_EXECUTABLE}" --out "${HOURGLASS_PROTO_DIR}"
  COMMAND_ERROR_IS_FATAL ANY)

set(_sources)
foreach(proto IN LISTS HOURGLASS_PROTOS)
  string(REGEX REPLACE "\\.proto$" ".pb.cc" _cc "${proto}")
  list(APPEND _sources "${HOURGLASS_PROTO_GEN}/${_cc}")
endforeach()

add_library(hourglass_protos STATIC ${_sources})
add_library(hourglass::protos ALIAS hourglass_protos)
target_include_directories(hourglass_protos SYSTEM PUBLIC "$<BUILD_INTERFACE:${HOURGLASS_PROTO_GEN}>")
target_link_libraries(hourglass_protos PUBLIC protobuf::libprotobuf)
# For size, because most of it is there for calls that a program never makes, or seldom; and without debug information: it is
# generated, never stepped through, and a fifth of the build otherwise.
target_compile_options(hourglass_protos PRIVATE -w -Os -g0 -fno-sanitize=all)
# But not what tasks and histories are made of.
foreach(proto IN LISTS HOURGLASS_PROTOS)
  if(proto MATCHES "^temporal/(sdk/core|api/common|api/failure|api/history)/")
    string(REGEX REPLACE "\\.proto$" ".pb.cc" _cc "${proto}")
    set_source_files_properties("${HOURGLASS_PROTO_GEN}/${_cc}" PROPERTIES COMPILE_OPTIONS -O1)
  endif()
endforeach()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
  "${CMAKE_CURRENT_LIST_DIR}/protos.txt" "${CMAKE_CURRENT_LIST_DIR}/generate_protos.py"
  "${PROJECT_SOURCE_DIR}/bridge/Cargo.lock")
