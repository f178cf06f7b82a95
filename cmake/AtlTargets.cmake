# Every target of ours goes through atl_target(): same language level, warnings and hardening.
# No other file names a compiler flag.
function(atl_target name)
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
    target_compile_features(${name} PRIVATE c_std_11)
    target_compile_definitions(${name} PRIVATE _GNU_SOURCE)
    set_target_properties(${name} PROPERTIES
        C_EXTENSIONS OFF C_VISIBILITY_PRESET hidden POSITION_INDEPENDENT_CODE ON)
    target_compile_options(${name} PRIVATE
        -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wcast-qual -Wformat=2 -Wundef -Wvla
        -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wswitch-enum
        $<$<BOOL:${ATL_WERROR}>:-Werror>
        -fstack-protector-strong -fno-common
        $<$<CONFIG:Release,RelWithDebInfo>:-U_FORTIFY_SOURCE$<SEMICOLON>-D_FORTIFY_SOURCE=2>)
    target_link_options(${name} PRIVATE -Wl,-z,relro,-z,now,-z,noexecstack)
    if(ATL_FUZZ) # without this the fuzzer sees nothing of our libraries and stands still
        target_compile_options(${name} PRIVATE -fsanitize=fuzzer-no-link)
    endif()
    if(ATL_SANITIZE)
        target_compile_options(${name} PRIVATE -fsanitize=${ATL_SANITIZE} -fno-omit-frame-pointer
            -fno-sanitize-recover=all)
        target_link_options(${name} PRIVATE -fsanitize=${ATL_SANITIZE})
        get_target_property(type ${name} TYPE)
        if(ATL_SANITIZE MATCHES address AND CMAKE_C_COMPILER_ID MATCHES Clang)
            target_compile_definitions(${name} PRIVATE __SANITIZE_ADDRESS__) # as gcc says it
        endif()
        if(ATL_SANITIZE MATCHES address AND type STREQUAL EXECUTABLE)
            target_sources(${name} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/leaks.c)
        endif()
    endif()
endfunction()

# atl_package(target module): a library of Debian's by its pkg-config name, or a sentence that
# says how to get it. Its headers are system headers: their warnings are not ours.
function(atl_package name module)
    string(MAKE_C_IDENTIFIER ${module} id)
    if(NOT TARGET PkgConfig::${id})
        pkg_check_modules(${id} QUIET IMPORTED_TARGET GLOBAL ${module})
        if(NOT ${id}_FOUND)
            message(FATAL_ERROR "${module} is not installed: run packaging/install-packages build")
        endif()
    endif()
    target_link_libraries(${name} PRIVATE PkgConfig::${id})
endfunction()

# atl_test(folder/test_name LIBS…): tests/folder/test_name.c, one executable, one test, with
# cmocka. It runs in a folder of its own in the build tree.
function(atl_test path)
    get_filename_component(name ${path} NAME)
    add_executable(${name} ${PROJECT_SOURCE_DIR}/tests/${path}.c)
    atl_target(${name})
    target_compile_definitions(${name} PRIVATE
        ATL_SOURCE_DIR="${PROJECT_SOURCE_DIR}" ATL_TESTS_DIR="${PROJECT_SOURCE_DIR}/tests"
        ATL_BUILD_DIR="${PROJECT_BINARY_DIR}")
    target_link_libraries(${name} PRIVATE ${ARGN})
    atl_package(${name} cmocka)
    file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/run/${name})
    add_test(NAME ${path} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_BINARY_DIR}/run/${name})
    set_tests_properties(${path} PROPERTIES LABELS fast TIMEOUT 60)
endfunction()

# atl_fuzzer(folder/fuzz_name LIBS…): tests/folder/fuzz_name.c. With ATL_FUZZ a libFuzzer
# program; otherwise the same code replays its corpus as an ordinary test.
function(atl_fuzzer path)
    get_filename_component(name ${path} NAME)
    if(ATL_FUZZ)
        add_executable(${name} ${PROJECT_SOURCE_DIR}/tests/${path}.c)
        target_link_options(${name} PRIVATE -fsanitize=fuzzer)
        set_property(GLOBAL APPEND PROPERTY ATL_FUZZERS ${path})
    else()
        add_executable(${name} ${PROJECT_SOURCE_DIR}/tests/${path}.c
            ${PROJECT_SOURCE_DIR}/tests/support/replay_corpus.c)
        add_test(NAME ${path} COMMAND ${name} ${PROJECT_SOURCE_DIR}/tests/${path}.corpus)
        set_tests_properties(${path} PROPERTIES LABELS fast TIMEOUT 60)
    endif()
    atl_target(${name})
    target_link_libraries(${name} PRIVATE ${ARGN})
endfunction()
