# Flags of our own code only; generated protobuf classes and the bridge are built without them.
function(hourglass_own_code target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor)
  if(PROJECT_IS_TOP_LEVEL)
    # Not in a user's build: his compiler may be newer than ours, and warn of more.
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -fno-gnu-unique)
  endif()
  if(HOURGLASS_SANITIZE STREQUAL "address")
    target_compile_options(${target} PRIVATE -fsanitize=address,undefined -fno-omit-frame-pointer
                                             -fno-sanitize-recover=undefined)
    target_link_options(${target} PUBLIC -fsanitize=address,undefined)
  elseif(HOURGLASS_SANITIZE STREQUAL "thread")
    target_compile_options(${target} PRIVATE -fsanitize=thread -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=thread)
  endif()
endfunction()

# A library of one folder below src/: `hourglass_library(base SOURCES … LIBS …)` makes the target hourglass_base. Optimised builds
# make SELDOM for size: sources of what few programs do, or of what they do a few times, or of what waits for the network anyway.
function(hourglass_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;SELDOM;LIBS;PRIVATE_LIBS" ${ARGN})
  add_library(hourglass_${name} STATIC ${ARG_SOURCES} ${ARG_SELDOM})
  set_source_files_properties(${ARG_SELDOM} PROPERTIES COMPILE_OPTIONS "$<$<CONFIG:Release,RelWithDebInfo>:-Os>")
  target_include_directories(hourglass_${name} PUBLIC "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>"
                                                      PRIVATE "${PROJECT_SOURCE_DIR}")
  # Public: whoever links us compiles our headers, and its default may be older.
  target_compile_features(hourglass_${name} PUBLIC cxx_std_20)
  target_link_libraries(hourglass_${name} PUBLIC ${ARG_LIBS} PRIVATE ${ARG_PRIVATE_LIBS})
  hourglass_own_code(hourglass_${name})
endfunction()
