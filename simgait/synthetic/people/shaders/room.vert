#version 330
uniform mat4 projection;
in vec3 place;
in vec3 normal;
in float kind;
out vec3 at, facing;
flat out float what;

void main() {
    gl_Position = projection * vec4(place, 1.0);
    at = place;
    facing = normal;
    what = kind;
}
