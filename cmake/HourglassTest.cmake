find_package(GTest REQUIRED)
include(GoogleTest)

# What `scripts/test unit` builds: the sanitizers' builds need no more.
add_custom_target(unit_tests)
if(TARGET hourglass_bridge_smoke)
  add_dependencies(unit_tests hourglass_bridge_smoke)
endif()

# What `scripts/test cluster` builds.
add_custom_target(cluster_tests)

# What a test binary under a sanitizer needs besides its sources.
function(hourglass_sanitized_test name)
  if(HOURGLASS_SANITIZE STREQUAL "thread")
    find_program(HOURGLASS_SYMBOLIZER llvm-symbolizer-19 REQUIRED DOC "Of Debian's package llvm-19")
    target_sources(${name} PRIVATE "${PROJECT_SOURCE_DIR}/cmake/tsan_suppressions.cpp")
    target_compile_definitions(${name} PRIVATE HOURGLASS_SYMBOLIZER="${HOURGLASS_SYMBOLIZER}")
  endif()
endfunction()

# hourglass_unit_test(NAME SOURCES … LIBS …): one binary, no server, no sleeping; label unit.
function(hourglass_unit_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} GTest::gmock GTest::gtest GTest::gtest_main)
  hourglass_own_code(${name})
  hourglass_sanitized_test(${name})
  add_dependencies(unit_tests ${name})
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES LABELS unit TIMEOUT 120)
endfunction()

# hourglass_server_test(NAME LABEL integration|chaos|cluster [CLUSTER] SOURCES … LIBS …): runs against the server whose address is in
# HOURGLASS_TEST_ADDRESS; one CTest entry for the binary, because its cases share a server. What is `integration` or CLUSTER has the label
# `cluster`, too.
function(hourglass_server_test name)
  cmake_parse_arguments(ARG "CLUSTER" "LABEL;TIMEOUT" "SOURCES;LIBS" ${ARGN})
  set(_labels ${ARG_LABEL})
  if(ARG_CLUSTER OR ARG_LABEL STREQUAL "integration")
    list(APPEND _labels cluster)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} GTest::gmock GTest::gtest GTest::gtest_main)
  hourglass_own_code(${name})
  hourglass_sanitized_test(${name})
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "${_labels}" TIMEOUT ${ARG_TIMEOUT} RUN_SERIAL ON)
  if("cluster" IN_LIST _labels)
    add_dependencies(cluster_tests ${name})
  endif()
endfunction()

function(hourglass_integration_test name)
  hourglass_server_test(${name} LABEL integration ${ARGN})
endfunction()
